import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Octokit } from '@octokit/rest';
import { openModelServer } from '../adapters/model-server/open-model-server.ts';
import { startServer } from '../adapters/model-server/start-server.ts';
import { readModelFile } from '../adapters/onnx/read-model-file.ts';
import { downloadAsset } from '../adapters/releases/download-asset.ts';
import { modelNameSchema, repositorySchema } from '../pipelines/contracts/common.ts';
import { type ModelManifest, modelManifestSchema } from '../pipelines/contracts/model-manifest.ts';
import { type Profile, profileSchema } from '../pipelines/contracts/profile.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { formatHelp, parseOptions, requireOption } from './options.ts';
import { untilInterrupted } from './until-interrupted.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  model: { type: 'string', placeholder: 'FILE', about: 'ONNX file to serve' },
  name: { type: 'string', placeholder: 'NAME', about: 'what to call it; the name of the file when left out' },
  release: {
    type: 'string',
    placeholder: 'TAG',
    about: 'release to serve instead of a file, e.g. flight-delay@v1.0.0',
  },
  repository: {
    type: 'string',
    placeholder: 'OWNER/NAME',
    about: 'repository of the release; GITHUB_TOKEN is used if set',
  },
  profile: {
    type: 'string',
    placeholder: 'FILE',
    about: 'profile.json of the model, by which requests with `explain` are answered; a release brings its own',
  },
  port: { type: 'string', default: '8080', placeholder: 'N', about: 'port on this machine; 0 for a free one' },
  log: { type: 'string', placeholder: 'FOLDER', about: 'where predictions are logged [.pulltrain/predictions]' },
  'online-store': {
    type: 'string',
    placeholder: 'URL',
    about: 'SQLite file or redis://host with the features of serve.features [PULLTRAIN_ONLINE_STORE]',
  },
} as const;

/** `pulltrain serve`: the model server on this machine, with one model in it. */
export const serveVerb: Verb = {
  name: 'serve',
  summary: 'serve an ONNX file or a release over the Open Inference Protocol',
  help: formatHelp({
    usage: 'serve --model FILE | --release TAG --repository OWNER/NAME [options]',
    about: 'Serves one model on this machine until Ctrl-C, and logs what it predicts.',
    options,
  }),
  run,
};

type Subject = {
  model: string;
  version: string;
  bytes: Buffer;
  manifest: ModelManifest | null;
  profile: Profile | null;
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new PulltrainError('usage', { what: `--port cannot be ${values.port}`, allowed: '0 to 65535' });
  }
  const subject = await readSubject(values, terminal);
  const log = resolve(terminal.directory, values.log ?? join('.pulltrain', 'predictions'));
  const online = onlineStore(values, terminal);
  const data = await mkdtemp(join(tmpdir(), 'pulltrain-serve-'));
  try {
    return await untilInterrupted<ExitCode>(async (signal) => {
      const server = await startServer({ port, data, log, ...online });
      try {
        const served = await load(subject, server);
        const infer = `${server.url}/v2/models/${subject.model}/infer`;
        terminal.answer(
          { url: server.url, infer, model: subject.model, version: subject.version, inputs: served, log },
          [
            `${terminal.paint('green', 'serving')}  ${subject.model} ${subject.version}`,
            ...example(infer, served),
            `log  ${log}`,
          ].join('\n'),
        );
        const interrupted = new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
        const endedAlone = server.ended.then(() => !signal.aborted);
        if ((await Promise.race([interrupted, endedAlone])) === true) {
          throw new PulltrainError('server-failed', { what: 'the model server has ended' });
        }
        return 0;
      } finally {
        await server.stop();
      }
    });
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/** A file begins where the command was given, wherever the server runs. */
function onlineStore(values: { 'online-store'?: string }, terminal: Terminal): { online?: string } {
  const address = values['online-store'] ?? terminal.environment.PULLTRAIN_ONLINE_STORE;
  if (address === undefined) return {};
  const isFile = address !== '' && !/^[a-z][a-z0-9+.-]*:/i.test(address);
  return { online: isFile ? resolve(terminal.directory, address) : address };
}

async function load(
  { model, version, bytes, manifest, profile }: Subject,
  { url, token }: { url: string; token: string },
) {
  const client = openModelServer({ url, token, model });
  await client.upload(version, bytes, createHash('sha256').update(bytes).digest('hex'), manifest);
  if (profile !== null) await client.setProfile(version, profile);
  await client.setTraffic({ stable: version, candidate: null, weight: 0, shadow: false, rollout: null, step: null });
  return client.inputs(version);
}

/** A call that a reader can paste. */
function example(infer: string, inputs: Awaited<ReturnType<typeof load>>): string[] {
  const body = {
    inputs: inputs.map(({ name, datatype }) => ({
      name,
      datatype,
      shape: [1, 1],
      data: [datatype === 'BYTES' ? '' : 0],
    })),
  };
  return ['try', `  curl -H 'content-type: application/json' ${infer} \\`, `    -d '${JSON.stringify(body)}'`];
}

type Values = { model?: string; name?: string; release?: string; repository?: string; profile?: string };

async function readSubject(values: Values, terminal: Terminal): Promise<Subject> {
  if (values.release !== undefined && values.model !== undefined) {
    throw new PulltrainError('usage', { what: '--model and --release exclude each other' });
  }
  if (values.release !== undefined && values.profile !== undefined) {
    throw new PulltrainError('usage', { what: '--profile and --release exclude each other' });
  }
  if (values.release !== undefined)
    return readRelease(values.release, requireOption(values.repository, 'repository'), terminal);
  const file = resolve(terminal.directory, requireOption(values.model, 'model'));
  const name = modelNameSchema.safeParse(values.name ?? basename(file, '.onnx').toLowerCase());
  if (!name.success) {
    throw new PulltrainError('usage', {
      what: 'the model needs another name',
      seen: values.name ?? basename(file),
      cure: 'Give one with --name.',
    });
  }
  const bytes = await readModelFile(file, 2 ** 30);
  const profile = values.profile === undefined ? null : await readProfile(resolve(terminal.directory, values.profile));
  return { model: name.data, version: '0.0.0', bytes, manifest: null, profile };
}

async function readProfile(file: string): Promise<Profile> {
  try {
    return profileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new PulltrainError('profile-invalid', {
      what: 'this is not the profile of a model',
      where: file,
      cure: 'Give the profile.json of its release.',
      cause,
    });
  }
}

async function readRelease(tag: string, repository: string, terminal: Terminal): Promise<Subject> {
  const [owner = '', repo = ''] = repositorySchema.parse(repository).split('/');
  const { GITHUB_TOKEN: auth, GITHUB_API_URL: baseUrl } = terminal.environment;
  const github = new Octokit({
    ...(auth === undefined ? {} : { auth }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
  const place = { owner, repo, tag };
  const text = (await downloadAsset(github, { ...place, name: 'manifest.json' })).toString('utf8');
  const manifest = modelManifestSchema.parse(JSON.parse(text));
  const fileOf = (role: 'model' | 'profile') => manifest.files.find((one) => one.role === role);
  const [onnx, reference] = [fileOf('model'), fileOf('profile')];
  if (onnx === undefined)
    throw new PulltrainError('release-invalid', { what: 'the release holds no model', where: tag });
  const fetch = ({ name, sha256 }: typeof onnx) => downloadAsset(github, { ...place, name, sha256 });
  const bytes = await fetch(onnx);
  const profile =
    reference === undefined ? null : profileSchema.parse(JSON.parse((await fetch(reference)).toString('utf8')));
  return { model: manifest.model, version: manifest.release, bytes, manifest, profile };
}
