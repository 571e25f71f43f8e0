import { z } from 'zod';
import { modelNameSchema } from './common.ts';

const text = z.string().min(1).max(20_000);
const line = z.string().min(1).max(500);

/** What only people know of a model. */
export const cardTextSchema = z.strictObject({
  summary: text.optional().describe('What the model does, in a sentence or two.'),
  owners: z.array(line).max(50).optional().describe('Who is responsible for it.'),
  contact: line.optional().describe('Where questions and complaints go.'),
  licence: line.optional().describe('Licence of the model, as Hugging Face names it, e.g. `apache-2.0`.'),
  citation: text.optional().describe('How to cite it.'),
  references: z.array(line).max(50).optional().describe('Papers and pages to read.'),
  tags: z.array(line).max(50).optional().describe('Further tags of the metadata.'),
  intended_use: text.optional().describe('What it is for.'),
  intended_users: text.optional().describe('For whom it is.'),
  out_of_scope: text.optional().describe('What it must not be used for.'),
  factors: text.optional().describe('Groups, instruments and surroundings that may matter, measured or not.'),
  metrics: text.optional().describe('Why it is judged by these metrics and this threshold.'),
  evaluation_data: text.optional().describe('Why it is judged on these rows, and what they leave out.'),
  training_data: text.optional().describe('Where the training data comes from, and what it leaves out.'),
  ethical_considerations: text
    .optional()
    .describe('Sensitive data, effects on people, risks and what was done about them.'),
  caveats: text.optional().describe('What else to know, and what was not tested.'),
});
export type CardText = z.infer<typeof cardTextSchema>;

export const cardTextsSchema = z
  .strictObject({ version: z.literal(1), models: z.record(modelNameSchema, cardTextSchema) })
  .describe('`model-card.yml`: the parts of model cards that only people can write, by model. All are optional.');
