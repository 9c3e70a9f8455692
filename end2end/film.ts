// What is in a film: ffmpeg decodes it, and each frame tells its number (footage.sh).
import { execFileSync } from 'node:child_process';

/** The numbers that the frames of a file bear, as a player shows them: edit lists followed. */
export function framesOf(file: string): number[] {
  const cells = ['-vf', 'crop=iw:ih/8:0:0,scale=8:1:flags=area,format=gray', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'];
  const bytes = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:v:0', ...cells]);
  return Array.from({ length: bytes.length / 8 }, (_, frame) =>
    [...bytes.subarray(frame * 8, frame * 8 + 8)].reduce((number, light, bit) => number + (light > 128 ? 1 << bit : 0), 0),
  );
}

/** `from` to `to`, that one left out. */
export const run = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);
