import { parentPort } from 'node:worker_threads';
import { type Answers, measureAnswers } from '../../pipelines/evaluation/measure-answers.ts';

/** A thread that measures: every message is one question, answered by one message. */
const port = parentPort;
port?.on('message', (answers: Answers) => port.postMessage(measureAnswers(answers)));
