"""What is known of the runs that filled the mirror."""

from __future__ import annotations

from django.db import models


class SyncRun(models.Model):
    """One run of the catalogue sync and what it changed. `running` is true for at most one row, the claim to write;
    a run whose process is gone, or that has long not said that it is alive, may be pushed aside."""

    running = models.BooleanField(null=True, unique=True)  # true or null
    process = models.CharField(max_length=300, blank=True)  # host and process id
    alive_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(auto_now_add=True, db_index=True)
    finished_at = models.DateTimeField(null=True)
    ok = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    report = models.JSONField(default=dict)  # kind -> created, updated (id -> fields), retired, skipped

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {'ok' if self.ok else 'failed'}"
