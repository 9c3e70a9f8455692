// A film watched in Firefox, which decodes, shows and counts frames in its own way.
import { expect, test, type Visitor } from '../../site.ts';

/**
 * The frame that the page says is shown, the one at which Firefox says it is, and the one that is shown: the picture
 * bears its number (footage.sh).
 */
const frames = (visitor: Visitor) =>
  visitor.page.locator('#film').evaluate((film: HTMLVideoElement) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [film.videoWidth, film.videoHeight];
    const picture = canvas.getContext('2d')!;
    picture.drawImage(film, 0, 0);
    const light = (cell: number) => picture.getImageData(((cell + 0.5) * canvas.width) / 8, canvas.height / 16, 1, 1).data[0]!;
    const shown = [...Array(8).keys()].reduce((number, bit) => number + (light(bit) > 128 ? 1 << bit : 0), 0);
    return { said: Number(document.getElementById('frame')!.textContent), at: Math.floor(film.currentTime * 25), shown };
  });

const sees = (visitor: Visitor, frame: number) => expect.poll(() => frames(visitor)).toEqual({ said: frame, at: frame, shown: frame });

test('a film is played, stopped, stepped through and marked', async ({ page, visitor }) => {
  await visitor.opens('/fr/media/ESSAI-1');
  const film = page.locator('#film');
  const ready = () => film.evaluate((film: HTMLVideoElement) => film.error?.message ?? film.readyState);
  await expect.poll(ready, 'Firefox decodes the film').toBeGreaterThanOrEqual(2);
  await sees(visitor, 0);

  // However slow the machine, the film does not end before it is stopped.
  await film.evaluate((film: HTMLVideoElement) => void (film.loop = true));
  await page.locator('[data-do="play"]').click();
  await expect.poll(async () => (await frames(visitor)).said).toBeGreaterThan(0);
  await visitor.presses('k');
  await expect.poll(() => film.evaluate((film: HTMLVideoElement) => film.paused)).toBe(true);
  await sees(visitor, (await frames(visitor)).said);

  // Stopped as soon as a frame is told: whether Firefox still shows it depends on how far it is, so several times.
  for (let times = 0; times < 4; times++) {
    const told = await film.evaluate(async (film: HTMLVideoElement) => {
      const button = document.querySelector<HTMLElement>('[data-do="play"]')!;
      button.click();
      // The player has asked first, and is told first.
      for (let come = 0; come < 3; come++) await new Promise((comes) => film.requestVideoFrameCallback(comes));
      button.click();
      return Number(document.getElementById('frame')!.textContent);
    });
    await sees(visitor, told);
  }

  await visitor.presses('q');
  await sees(visitor, 0);
  for (const frame of [1, 2, 3]) {
    await visitor.presses('.');
    await sees(visitor, frame);
  }
  await visitor.presses(',');
  await sees(visitor, 2);

  await visitor.presses('i');
  await expect(page.locator('#in')).toHaveValue('10:00:00:02');
  for (let step = 0; step < 5; step++) await visitor.presses('.');
  await sees(visitor, 7);
  await visitor.presses('o');
  await expect(page.locator('#out')).toHaveValue('10:00:00:07');
  await expect(page.locator('.cut__range')).toContainText('5 images');
  await expect(page).toHaveURL(/[?&]in=.*&out=/);
});
