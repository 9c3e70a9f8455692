// A minute of footage taken in until all of it is made, beside one plain ffmpeg that decodes it once and encodes the same
// renditions: what it costs to make them step by step, to hash, to draw, and to decode what came out again.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ffmpeg } from "../lib/film.mjs";
import { quantile, report, say, table } from "../lib/report.mjs";
import { ROOT } from "../lib/site.mjs";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_FOOTAGE ?? 60);
const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target");
const ESTAFETTE = path.join(TARGET, "release/estafette");
if (!existsSync(ESTAFETTE)) throw new Error(`${ESTAFETTE} is not there: run make bench, or scripts/build.sh first`);

const folder = mkdtempSync(path.join(os.tmpdir(), "estafette-intake-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const film = path.join(folder, "film.mp4");
say(`${SECONDS} s of film in 1080p25`);
// Grain, as cameras have it: a picture that moves smoothly costs encoders nothing.
const picture = `testsrc2=size=1920x1080:rate=25:duration=${SECONDS},noise=alls=12:allf=t`;
ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", `sine=frequency=440:sample_rate=48000:duration=${SECONDS}`, "-c:v", "libx264", "-preset", "veryfast", "-b:v", "20M", "-pix_fmt", "yuv420p", "-g", "50", "-timecode", "10:00:00:00", "-c:a", "aac", film);

/** Seconds that a command takes, and what it and all it starts compute. */
function timed(command, args, env = {}) {
  const file = path.join(folder, "times");
  execFileSync("bash", ["-c", 'TIMEFORMAT="%R %U %S"; { time "$@" >/dev/null; } 2>"$0"', file, command, ...args], { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "inherit"] });
  const [took, user, system] = execFileSync("tail", ["-n1", file]).toString().trim().split(" ").map(Number);
  return { took, cpu: user + system };
}

function ours() {
  const data = mkdtempSync(path.join(folder, "data-"));
  const env = { ESTAFETTE_DATA: data, DATABASE_URL: "sqlite:bench.db", LOG_LEVEL: "warn" };
  execFileSync(ESTAFETTE, ["migrate"], { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "inherit"] });
  const run = timed(ESTAFETTE, ["media", "add", film, "--wait"], env);
  const shown = JSON.parse(execFileSync(ESTAFETTE, ["media", "list", "--json"], { env: { ...process.env, ...env } }));
  if (shown.length !== 1 || shown[0].state !== "published") throw new Error(`it is not taken in: ${JSON.stringify(shown)}`);
  rmSync(data, { recursive: true });
  return run;
}

/** What `server/src/media/renditions.rs` asks of ffmpeg for each rendition, in one command. */
function plain() {
  const x264 = (crf, most, group) => ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", crf, "-maxrate", `${most}k`, "-bufsize", `${2 * most}k`, "-g", group, "-keyint_min", group, "-sc_threshold", "0", "-x264-params", "open-gop=0:bframes=3:b-pyramid=normal:ref=3:weightp=2"];
  const rendition = (name, crf, most, group, sound) => ["-map", `[${name}]`, "-map", "0:a:0", "-fps_mode", "passthrough", ...x264(crf, most, group), "-c:a", "aac", "-ac", "2", "-b:a", sound, "-movflags", "+faststart", path.join(folder, `${name}.mp4`)];
  const graph = "[0:v]split=3[a][b][c];[a]scale=852:480:flags=bicubic[proxy];[b]scale=1280:720:flags=bicubic[720p];[c]null[1080p]";
  const all = [rendition("proxy", "28", 1_500, "13", "96k"), rendition("720p", "20", 6_000, "25", "160k"), rendition("1080p", "19", 12_000, "25", "160k")];
  return timed("ffmpeg", ["-v", "error", "-y", "-i", film, "-filter_complex", graph, ...all.flat()]);
}

const runs = [];
for (let round = 0; round < ROUNDS; round++) {
  say(`round ${round + 1} of ${ROUNDS}`);
  runs.push({ by: "Estafette", ...ours() }, { by: "ffmpeg, one pass", ...plain() });
}
const median = (by, what) => quantile(runs.filter((run) => run.by === by).map((run) => run[what]), 0.5);
const minutes = SECONDS / 60;
const rows = ["Estafette", "ffmpeg, one pass"].map((by) => {
  const [took, cpu] = [median(by, "took") / minutes, median(by, "cpu") / minutes];
  return [by, took.toFixed(1), cpu.toFixed(1), (took / (median("ffmpeg, one pass", "took") / minutes)).toFixed(2)];
});
report(
  "intake",
  `## Footage taken in

A minute of 1080p25 (H.264, 20 Mbit/s, with grain) until its 1080p, 720p and proxy are there, median of ${ROUNDS}. Ours also hashes and stores all files, makes still, storyboard and waveform, and decodes every rendition again to count its frames.

${table(["By", "Seconds per minute", "CPU s per minute", "Times ffmpeg"], rows)}`,
  runs,
);
