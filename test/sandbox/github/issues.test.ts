import { expect, test } from 'vitest';
import { openPlayground } from './open-playground.ts';

test('comments are made, changed, found and limited', async () => {
  await using play = await openPlayground();
  const maya = play.as('maya');
  const issue = await maya.rest.issues.create({ ...play.at, title: 'Drift', body: 'It moved.' });
  const on = { ...play.at, issue_number: issue.data.number };
  const fits = await maya.rest.issues.createComment({ ...on, body: 'x'.repeat(65_536) });
  await expect(maya.rest.issues.createComment({ ...on, body: 'x'.repeat(65_537) })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('Body is too long'),
  });
  const comment = { ...play.at, comment_id: fits.data.id };
  await expect(play.as('ravi').rest.issues.updateComment({ ...comment, body: 'mine' })).rejects.toMatchObject({
    status: 403,
  });
  expect((await maya.rest.issues.updateComment({ ...comment, body: 'short' })).data.body).toBe('short');
  expect((await maya.rest.issues.getComment(comment)).data.author_association).toBe('COLLABORATOR');
  expect((await maya.rest.issues.listComments(on)).data).toHaveLength(1);
  expect((await maya.rest.issues.get(on)).data.comments).toBe(1);
  await maya.rest.issues.deleteComment(comment);
  expect((await maya.rest.issues.listComments(on)).data).toEqual([]);
  const told = play.events.filter(({ name }) => name === 'issue_comment').map(({ action }) => action);
  expect(told).toEqual(['created', 'edited', 'deleted']);
});

test('a reaction of one person counts once', async () => {
  await using play = await openPlayground();
  const maya = play.as('maya');
  const issue = await maya.rest.issues.create({ ...play.at, title: 'x' });
  const on = { ...play.at, issue_number: issue.data.number };
  const { data } = await maya.rest.issues.createComment({ ...on, body: '/retrain' });
  const comment = { ...play.at, comment_id: data.id };
  expect((await maya.rest.reactions.createForIssueComment({ ...comment, content: 'rocket' })).status).toBe(201);
  expect((await maya.rest.reactions.createForIssueComment({ ...comment, content: 'rocket' })).status).toBe(200);
  await play.as('ravi').rest.reactions.createForIssueComment({ ...comment, content: 'rocket' });
  const reactions = await maya.rest.reactions.listForIssueComment(comment);
  expect(reactions.data.map(({ user }) => user?.login)).toEqual(['maya', 'ravi']);
  expect((await maya.rest.issues.getComment(comment)).data.reactions).toMatchObject({ total_count: 2, rocket: 2 });
  await maya.rest.reactions.deleteForIssueComment({ ...comment, reaction_id: reactions.data[0]?.id ?? 0 });
  await maya.rest.reactions.createForIssue({ ...on, content: 'eyes' });
  const [eyes] = (await maya.rest.reactions.listForIssue(on)).data;
  const mine = { ...on, reaction_id: eyes?.id ?? 0 };
  await expect(play.as('ravi').rest.reactions.deleteForIssue(mine)).rejects.toMatchObject({ status: 403 });
  await maya.rest.reactions.deleteForIssue(mine);
  expect((await maya.rest.reactions.listForIssue(on)).data).toEqual([]);
});

test('issues are labelled, filtered, closed with a reason and opened again', async () => {
  await using play = await openPlayground();
  const maya = play.as('maya');
  const { data } = await maya.rest.issues.create({ ...play.at, title: 'Drift', labels: ['drift'] });
  await maya.rest.issues.create({ ...play.at, title: 'Other' });
  const on = { ...play.at, issue_number: data.number };
  await maya.rest.issues.addLabels({ ...on, labels: ['urgent'] });
  await maya.rest.issues.createLabel({ ...play.at, name: 'calm', color: '00ff00' });
  await expect(maya.rest.issues.createLabel({ ...play.at, name: 'Calm', color: '00ff00' })).rejects.toMatchObject({
    status: 422,
  });
  expect((await maya.rest.issues.getLabel({ ...play.at, name: 'Drift' })).data.color).toBe('ededed');
  const found = await maya.rest.issues.listForRepo({ ...play.at, labels: 'drift,urgent', state: 'open' });
  expect(found.data.map(({ title }) => title)).toEqual(['Drift']);
  await maya.rest.issues.removeLabel({ ...on, name: 'urgent' });
  expect((await maya.rest.issues.listLabelsOnIssue(on)).data.map(({ name }) => name)).toEqual(['drift']);
  await maya.rest.issues.setLabels({ ...on, labels: ['calm'] });
  const closed = await maya.rest.issues.update({ ...on, state: 'closed', state_reason: 'not_planned' });
  expect(closed.data).toMatchObject({ state: 'closed', state_reason: 'not_planned', closed_by: { login: 'maya' } });
  await maya.rest.issues.update({ ...on, state: 'open' });
  await expect(maya.rest.issues.create({ ...play.at, title: '' })).rejects.toMatchObject({ status: 422 });
  const told = play.events.filter(({ name }) => name === 'issues').map(({ action }) => action);
  expect(told).toEqual([
    ...['opened', 'labeled', 'opened', 'labeled', 'unlabeled'],
    ...['labeled', 'unlabeled', 'closed', 'reopened'],
  ]);
});

test('a commit on the default branch closes the issues it names, one elsewhere does not', async () => {
  await using play = await openPlayground();
  const maya = play.as('maya');
  const clone = await play.clone('maya', 'work');
  await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const { data } = await maya.rest.issues.create({ ...play.at, title: 'Late' });
  const state = async () => (await maya.rest.issues.get({ ...play.at, issue_number: data.number })).data.state;
  await clone.push('topic', { 'a.txt': 'b\n' }, `Fixes #${data.number}`);
  expect(await state()).toBe('open');
  await clone.git('push', '--quiet', 'origin', 'topic:main');
  expect(await state()).toBe('closed');
});
