import type { DrawChart } from '../../chart-theme.ts';
import { html } from '../html.ts';
import { type Picture, renderPicture } from '../picture.ts';
import { confusion } from '../pictures/confusion.ts';
import { dependencePictures } from '../pictures/dependence.ts';
import { fairnessPictures } from '../pictures/fairness.ts';
import { residualHistogram, scoreHistogram } from '../pictures/histograms.ts';
import { importancePictures } from '../pictures/importance.ts';
import { lift } from '../pictures/lift.ts';
import { reliability } from '../pictures/reliability.ts';
import { slicePictures, worstSlicePicture } from '../pictures/slices.ts';
import { thresholdCurves } from '../pictures/threshold-curves.ts';
import type { Section } from '../section.ts';
import type { Subject } from '../subject.ts';

type Gallery = { id: string; title: string; pictures: Picture[] };

/** Every picture that the documents give, by the section it belongs to; sections without one are left out. */
export function galleries(subject: Subject): Gallery[] {
  const all: Gallery[] = [
    {
      id: 'curves',
      title: 'Curves and calibration',
      pictures: [
        ...thresholdCurves(subject),
        ...reliability(subject),
        ...lift(subject),
        ...scoreHistogram(subject),
        ...confusion(subject),
        ...residualHistogram(subject),
      ],
    },
    { id: 'slices', title: 'Groups of rows', pictures: [...slicePictures(subject), ...worstSlicePicture(subject)] },
    { id: 'fairness', title: 'Fairness', pictures: fairnessPictures(subject) },
    {
      id: 'explanation',
      title: 'What it goes by',
      pictures: [...importancePictures(subject), ...dependencePictures(subject)],
    },
  ];
  return all.filter(({ pictures }) => pictures.length > 0);
}

export async function drawGallery({ id, title, pictures }: Gallery, draw: DrawChart): Promise<Section> {
  const drawn = [];
  for (const picture of pictures) drawn.push(await renderPicture(picture, draw));
  return { id, title, body: html`<div class="pictures">${drawn}</div>` };
}
