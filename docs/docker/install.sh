#!/usr/bin/env bash
# The install steps of the Dockerfile, kept apart so that they can be run without Docker (a test does).
#
#   install.sh dependencies   everything that requirements.lock pins, into the python on PATH
#   install.sh qa             qa itself, from the working folder
#
# WITH_MONO=0    only what stereo calls need
# TORCH_INDEX    where to find torch's CPU builds (same versions as the lock, without CUDA)
# DEVICE=cuda    also what CTranslate2 needs on a GPU (the `cuda` extra)
set -euo pipefail

with_mono=${WITH_MONO:-1}
torch_index=${TORCH_INDEX:-}
device=${DEVICE:-cpu}

# The lock as plain pins, without hashes: for installs that take a part of it.
pins() { sed -E '/^ *(#|--hash)/d; s/ *\\$//' requirements.lock; }

locked() { python -m pip install --no-deps --require-hashes -r requirements.lock; }

cpu_torch() {
    pins | grep -E '^torch(audio)?==' > torch.txt
    pins | grep -vE '^(torch(audio)?|triton|nvidia-[a-z0-9-]+|cuda-[a-z0-9-]+)==' > rest.txt
    python -m pip install --no-deps -r rest.txt
    python -m pip install --no-deps --index-url "$torch_index" -r torch.txt
}

case "$1" in
dependencies)
    if [ "$with_mono" = 0 ]; then
        : # the wheel names what it needs; `install.sh qa` resolves that within the pins
    elif [ -n "$torch_index" ]; then
        cpu_torch
    else
        locked
    fi
    ;;
qa)
    if [ "$with_mono" = 0 ]; then
        pins > constraints.txt
        python -m pip install -c constraints.txt .
    else
        python -m pip install --no-deps .
    fi
    if [ "$device" = cuda ]; then
        python -m pip install '.[cuda]'
    fi
    # One folder with links to the wheels' CUDA libraries, for LD_LIBRARY_PATH.
    prefix=$(python -c 'import sys; print(sys.prefix)')
    mkdir -p "$prefix/cuda"
    find "$prefix" -path '*/nvidia/*/lib/*.so*' -exec ln -sf -t "$prefix/cuda" {} +
    ;;
*)
    echo "install.sh: dependencies or qa, not '$1'" >&2
    exit 2
    ;;
esac
