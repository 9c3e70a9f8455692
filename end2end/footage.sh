#!/usr/bin/env bash
# Takes two short films in, as anyone would: footage.sh PROGRAM, in the environment of the server to come. Each frame
# bears its number, eight bits of it as squares over the upper edge, so that what is downloaded can be read again.
set -euo pipefail
cd "$(dirname "$0")"
program=$1 films=results/films
mkdir -p "$films"

# film NAME RATE TIMECODE: six seconds, made once.
film() {
  local file=$films/$1.mp4 cells="" bit
  [ -e "$file" ] && return
  for bit in 0 1 2 3 4 5 6 7; do
    cells+=",drawbox=x=iw*$bit/8:y=0:w=iw/8:h=ih/8:c=white:t=fill:enable='mod(floor(n/$((1 << bit))),2)'"
  done
  ffmpeg -v error -y \
    -f lavfi -i "testsrc2=size=320x180:rate=$2:duration=6" \
    -f lavfi -i "sine=frequency=440:sample_rate=48000:duration=6" \
    -filter_complex "[0:v]drawbox=y=0:w=iw:h=ih/8:c=black:t=fill$cells[v]" -map '[v]' -map 1:a -shortest \
    -pix_fmt yuv420p -c:v libx264 -preset veryfast -crf 18 -g 25 -x264-params open-gop=0 -c:a aac \
    -timecode "$3" -movflags +faststart "$films/.draft.mp4"
  mv "$films/.draft.mp4" "$file"
}

# Before there is a server there is no database.
"$program" migrate >&2
film free 25 10:00:00:00
film bound 30000/1001 '00:59:58;00'
"$program" media add "$films/free.mp4" --metadata footage/free.toml --captions fr=footage/free.fr.srt --wait >&2
"$program" media add "$films/bound.mp4" --metadata footage/bound.toml --wait >&2
