# Two stages, so that uv and what it builds with stay behind. The language model is a package like any other.
FROM python:3.11-slim-bookworm AS build

ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9

# First what changes seldom: an image for a new version of the bot has this layer already.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-install-project

COPY README.md LICENSE ./
COPY bot bot
RUN uv sync --frozen --no-editable


FROM python:3.11-slim-bookworm

ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=build /app/.venv .venv
# Mount a folder of your own over it: --volume ./config:/app/config:ro
COPY config config

# A named volume takes its owner from here, so that the bot may write its archive.
RUN useradd --system --uid 10001 --no-create-home sitrep \
    && install --directory --owner=sitrep var
USER 10001
VOLUME /app/var

# It starts Python each time, so not too often; the bot says every half minute that it runs.
HEALTHCHECK --interval=2m --timeout=30s --start-period=1m --retries=2 CMD ["python", "-m", "bot", "health"]
CMD ["python", "-m", "bot", "run"]
