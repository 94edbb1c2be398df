# syntax=docker/dockerfile:1

FROM python:3.11-slim AS build
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
    && pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY app ./app
COPY models ./models
COPY migrations ./migrations
# Further extras, such as `milvus`, at their newest versions.
ARG EXTRAS=""
# hadolint ignore=DL3013
RUN pip install --no-deps . && if [ -n "$EXTRAS" ]; then pip install ".[$EXTRAS]"; fi
# Weights are converted here, so that the container starts offline and never writes them again.
ENV FACET_MODEL_CACHE_DIR=/opt/facet/weights
RUN facet models pull mtcnn && facet models pull facenet-resnet29

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/facet facet
COPY --from=build /opt/facet /opt/facet
ENV PATH=/opt/facet/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FACET_DATA_DIR=/var/lib/facet \
    FACET_MODEL_CACHE_DIR=/opt/facet/weights \
    FACET_HOST=0.0.0.0 \
    FACET_LOG_FORMAT=json
USER 10001
VOLUME /var/lib/facet
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["facet", "serve"]
