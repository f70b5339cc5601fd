# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY monitor monitor
COPY config config
RUN python -m venv /opt/monitor \
 && MONITOR_COMPILE=must /opt/monitor/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="feed-monitor" \
      org.opencontainers.image.description="Watches news feeds for topics and alerts once per story, durably." \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/monitor monitor \
 && install -d -o monitor -g monitor /config /data
COPY --from=build /opt/monitor /opt/monitor
ENV PATH=/opt/monitor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MONITOR_CONFIG=/config
USER 10001
VOLUME ["/config", "/data"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["monitor", "health", "--db", "/data/monitor.db"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["monitor"]
CMD ["run", "--db", "/data/monitor.db"]
