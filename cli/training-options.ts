/** Options of every verb that trains in a checkout. */
export const trainingOptions = {
  config: { type: 'string', default: 'pulltrain.yml', placeholder: 'FILE', about: 'configuration of the repository' },
  model: { type: 'string', default: '', placeholder: 'NAME', about: 'model to train; the only one when left out' },
  'data-remote': {
    type: 'string',
    default: '',
    placeholder: 'URL',
    about: 'store of the training data; data.remote when left out',
  },
} as const;
