# syntax=docker/dockerfile:1
# qa in a container: CPU by default, models baked in, no network at run time.
#
#   docker build -t qa .
#   docker build -t qa:cuda --build-arg DEVICE=cuda .
#   docker run --rm --network none -v /srv/recordings:/recordings:ro -v qa-data:/data qa run /recordings
#
# DEVICE=cpu|cuda   what `--device` is unless the command line says otherwise; cuda adds what a GPU needs
# WITH_MONO=0       leave out torch and pyannote.audio: stereo calls only, an image of a tenth the size
# TORCH_INDEX=URL   where torch publishes its CPU builds: without it the registry's only torch is the CUDA
#                   build, 4 GB of which a CPU never uses
# PACKS=""          bake no models in: mount a folder that `qa models fetch` filled at /models instead

ARG PYTHON_VERSION=3.12

FROM python:${PYTHON_VERSION}-slim AS build
ARG DEVICE=cpu
ARG WITH_MONO=1
ARG TORCH_INDEX=
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /src
RUN python -m venv /opt/qa
ENV PATH=/opt/qa/bin:$PATH
COPY requirements.lock docs/docker/install.sh ./
RUN --mount=type=cache,target=/root/.cache/pip bash install.sh dependencies
COPY pyproject.toml README.md LICENSE NOTICE CHANGELOG.md ./
COPY rubrics rubrics
COPY qa qa
RUN --mount=type=cache,target=/root/.cache/pip bash install.sh qa

FROM build AS models
ARG PACKS="whisper-base diarization-offline"
ENV QA_MODELS=/models
RUN mkdir -p /models && for pack in ${PACKS}; do qa models fetch "${pack}"; done

FROM python:${PYTHON_VERSION}-slim
ARG DEVICE=cpu
RUN useradd --uid 10001 --create-home qa && install -d -o qa -g qa /data /models
COPY --from=build /opt/qa /opt/qa
COPY --from=models /models /models
# CTranslate2 looks for the CUDA libraries of the wheels where the loader looks; absent on CPU, harmless.
ENV PATH=/opt/qa/bin:$PATH \
    LD_LIBRARY_PATH=/opt/qa/cuda \
    PYTHONUTF8=1 \
    QA_DEVICE=${DEVICE} \
    QA_MODELS=/models \
    HF_HUB_OFFLINE=1 \
    TRANSFORMERS_OFFLINE=1 \
    HF_HUB_DISABLE_TELEMETRY=1 \
    PYANNOTE_METRICS_ENABLED=0
USER 10001
WORKDIR /data
VOLUME ["/data"]
HEALTHCHECK --interval=30m --timeout=2m --start-period=1m CMD ["qa", "doctor"]
ENTRYPOINT ["qa"]
CMD ["--help"]
