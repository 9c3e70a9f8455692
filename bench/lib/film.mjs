// The film that clips are cut from and that is delivered: an hour of numbered frames, made once.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { say } from "./report.mjs";

export const CACHE = process.env.ESTAFETTE_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "estafette");
export const FILMS = path.join(CACHE, "bench");
export const [RATE, GROUP] = [25, 50];

export const run = (program, args, options = {}) => execFileSync(program, args, { stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28, ...options });
export const ffmpeg = (...args) => run("ffmpeg", ["-v", "error", "-y", ...args]);

/** Its path: a minute encoded, an hour copied together. */
export function hour() {
  mkdirSync(FILMS, { recursive: true });
  const film = path.join(FILMS, "hour-720p25.mp4");
  if (existsSync(film)) return film;
  say("An hour of film (a minute or two, once)");
  const cells = Array.from({ length: 11 }, (_, bit) => `drawbox=x=${bit * 80}:w=80:h=80:c=white:t=fill:enable='mod(floor(n/${2 ** bit}),2)'`);
  const minute = path.join(FILMS, "minute.mp4");
  const picture = `testsrc2=size=1280x720:rate=${RATE}:duration=60,drawbox=w=1280:h=80:c=black:t=fill,${cells.join(",")}`;
  ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=60", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "4M", "-g", GROUP, "-keyint_min", GROUP, "-sc_threshold", "0", "-bf", "3", "-c:a", "aac", minute);
  ffmpeg("-stream_loop", "59", "-i", minute, "-c", "copy", "-timecode", "10:00:00:00", "-movflags", "+faststart", `${film}.part.mp4`);
  renameSync(`${film}.part.mp4`, film);
  rmSync(minute);
  return film;
}
