#!/bin/sh
# `batch --shard` as an array job: one task for each part of the manifest, each with a rows file of its own.
#
#   Slurm:      sbatch --array=0-199 --cpus-per-task=2 --mem=2G --requeue deploy/array.sh manifest.jsonl rows 200
#   AWS Batch:  array size 200, command: deploy/array.sh /apps/manifest.jsonl /rows 200
#   by hand:    SHARD=0 deploy/array.sh manifest.jsonl rows 200
#
# A task that is run again goes on with its file. At the end: deploy/gate.py MANIFEST ROWS... tells whether every input has its row.
set -u
manifest=$1 rows=$2 shards=$3
index=${SHARD:-${SLURM_ARRAY_TASK_ID:-${AWS_BATCH_JOB_ARRAY_INDEX:-}}}
if [ -z "$index" ]; then
  echo "array.sh: no index: set SHARD, or run it as an array job" >&2
  exit 64
fi
"${SDKAUDIT_BIN:-sdkaudit}" batch "$manifest" --shard "$((index + 1))/$shards" --resume -o "$rows/part-$index.jsonl" \
  --max-time 120 --max-memory 512 --exit-zero
code=$?
# 2 means that some inputs could not be read, and their rows say why: the part is done.
[ "$code" -le 2 ] || exit "$code"
