# Two images from one file: `web` answers visitors, `worker` also makes PDFs and is larger for it.
#   docker build --target web --tag vitrine-web .
#   docker build --target worker --tag vitrine-worker .

FROM python:3.13.9-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH DATA_DIR=/data STATIC_ROOT=/app/collected
WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /data --create-home vitrine

FROM base AS web-packages
COPY requirements/web.txt requirements/
RUN python -m venv /opt/venv && pip install --no-cache-dir --require-hashes -r requirements/web.txt
# `--build-arg SENTRY=1`: errors can be told to Sentry.
ARG SENTRY
COPY requirements/sentry.txt requirements/
RUN test -z "$SENTRY" || pip install --no-cache-dir --require-hashes -r requirements/sentry.txt

FROM web-packages AS worker-packages
COPY requirements/runtime.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/runtime.txt

FROM base AS web
COPY --from=web-packages /opt/venv /opt/venv
COPY . .
# The demo's settings are enough to collect files; nothing of them stays in the image.
RUN DEMO=1 python manage.py collectstatic --noinput --verbosity 0
USER vitrine
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000"]

FROM base AS worker
# The client is of the same major version as the database in docker-compose.yml: it writes the backups.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
       fonts-dejavu-core postgresql-client \
    && rm -rf /var/lib/apt/lists/*
COPY --from=worker-packages /opt/venv /opt/venv
COPY --from=web /app /app
USER vitrine
VOLUME /data
HEALTHCHECK --interval=60s --timeout=20s --start-period=30s --retries=3 \
    CMD ["sh", "-c", "celery --app shop.celery inspect ping --destination \"celery@$(hostname)\" --timeout 10"]
CMD ["celery", "--app", "shop.celery", "worker", "--concurrency", "2"]
