"""All settings of the shop, read once from the environment.

`DEMO=1` gives every setting a working default (SQLite, a private Redis-compatible server, the sandbox as
ticket system). Without it the shop is in production and names each missing or dangerous setting in a sentence.
"""

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab

from shop.env import SHORTEST_SECRET_KEY, Reader
from shop.jobs import QUEUES, Job, Queue
from shop.options import Act, Feature, Product

BASE_DIR = Path(__file__).resolve().parent.parent

env = Reader()
DEMO = env.flag("DEMO", default=False)
DEMO_USER, DEMO_PASSWORD = "demo", "demo-museum"  # the staff login that only the demo creates
DEBUG = env.flag("DEBUG", default=False)
PORT = env.port("PORT", 8000)
SANDBOX_PORT = env.port("SANDBOX_PORT", 8001)
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"])
LOG_FORMAT = env.choice("LOG_FORMAT", "text", ["text", "json"])
SENTRY_DSN = env.key("SENTRY_DSN", r"https?://\w+@[\w.:-]+/\d+", "https://key@host/1")
METRICS_TOKEN = env.key("METRICS_TOKEN", r"\S{20,}", "20 or more random characters")

# --- who we are -----------------------------------------------------------------------------------------
SHOP_NAME = env.text("SHOP_NAME", "Vitrine")
SELLER_NAME = env.text("SELLER_NAME", SHOP_NAME)
CONTACT_EMAIL = env.pattern(
    "CONTACT_EMAIL", None, r"[^@\s]+@[^@\s]+", "must be a mail address.", demo="shop@vitrine.example"
)
ORDER_PREFIX = env.pattern(
    "ORDER_PREFIX",
    "VT",
    r"[A-Z0-9]{1,12}",
    "must be 1 to 12 capital letters or digits; it starts every order number.",
)
COUNTRY = env.pattern("COUNTRY", "DE", r"[A-Z]{2}", "must be a country code like DE; most buyers live there.")
# How many days one may withdraw from what was bought; 0: there is no right to.
WITHDRAWAL_RIGHTS = env.days_by(
    "WITHDRAWAL_RIGHTS",
    {Product.DATED: 0, Product.TOUR: 0, Product.UNDATED: 14, Product.ANNUAL: 14, Product.VOUCHER: 14},
)
# What buyers may cancel themselves: hours before the start, and the fee in percent; classes left out not at all.
CANCELLATION_RULES = env.cancellations("CANCELLATION_RULES", Product)
# Days after which personal data goes, each counted from when it has served: see docs/personal-data.md.
RETENTION_DAYS = env.numbers_by(
    "RETENTION_DAYS",
    {
        "orders": 3650,  # after the visit: what bookkeeping must keep
        "tickets": 90,  # after the visit: names of visitors, printed tickets, links given away
        "failed": 30,  # orders that came to nothing
        "withdrawals": 1095,  # after they were settled
        "baskets": 7,
        "links": 1,
        "newsletters": 7,  # never confirmed
        "letters": 90,
        "exports": 7,  # files of figures
    },
)
# Who gets the figures of every month by mail; nobody: they are only made when asked for.
EXPORT_RECIPIENTS = env.words("EXPORT_RECIPIENTS", "")
env.require(
    "EXPORT_RECIPIENTS",
    all("@" in address for address in EXPORT_RECIPIENTS),
    "must be mail addresses with commas between them.",
)
PUBLIC_URL = env.base_url("PUBLIC_URL", demo=f"http://127.0.0.1:{PORT}")
SECRET_KEY = env.secret(
    "SECRET_KEY",
    demo="demo-only-key-never-accepted-in-production-0123456789abcdef",
    least=SHORTEST_SECRET_KEY,
)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", "")  # what they signed stays good
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", urlsplit(PUBLIC_URL).hostname or "", demo="127.0.0.1,localhost,[::1]"
)

# --- the ticket system ----------------------------------------------------------------------------------
GOMUS_URL = env.base_url("GOMUS_URL", demo=f"http://127.0.0.1:{SANDBOX_PORT}")
GOMUS_TOKEN = env.secret("GOMUS_TOKEN", demo="sandbox-reseller")
GOMUS_CUSTOMER_TOKEN = env.secret(
    "GOMUS_CUSTOMER_TOKEN", "", demo="sandbox-customer"
)  # may rate, nothing else
CURRENCY = env.pattern("CURRENCY", "EUR", r"[A-Z]{3}", "must be a currency code like EUR.")
AVAILABILITY_SECONDS = env.number("AVAILABILITY_SECONDS", 10, most=300)  # how long live places count as fresh
PAGE_WAIT_MS = env.number("PAGE_WAIT_MS", 200, most=10_000)  # how long a page waits for live places
DRAFT_MINUTES = env.number("DRAFT_MINUTES", 15, most=1440)  # an unpaid draft is cancelled upstream after this
ORDER_LEASE_SECONDS = env.number("ORDER_LEASE_SECONDS", 120)  # a worker that dies frees its order after this
MAIL_SECONDS = env.number("MAIL_SECONDS", 20)  # how long the mail server may take for one answer
env.require(
    "MAIL_SECONDS",
    MAIL_SECONDS < ORDER_LEASE_SECONDS,
    f"must be shorter than ORDER_LEASE_SECONDS ({ORDER_LEASE_SECONDS}), or a slow mail is sent by two workers.",
)
SYNC_SECONDS = env.number("SYNC_SECONDS", 15 * 60)  # between two syncs of the mirror
PREFETCH_SECONDS = env.number("PREFETCH_SECONDS", 30, least=0)  # between two rounds; 0: never
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 15)  # between two looks for orders that no bell announced
WATCH_PER_MINUTE = env.number("WATCH_PER_MINUTE", 10, least=0, most=120)  # orders the museum is asked about
HOLD_IDLE_MINUTES = env.number(
    "HOLD_IDLE_MINUTES", 10, most=60
)  # then holds of a basket left alone are let go
TRAVEL_MINUTES = env.number(
    "TRAVEL_MINUTES", 30, least=0, most=600
)  # less between two museums is told the buyer
SWAP_CUSTOMER_NAMES = env.flag("SWAP_CUSTOMER_NAMES", default=False)
# Optional features of the ticket system, where the operator knows better than `manage.py gomus doctor`.
FEATURES_ON = env.subset("FEATURES_ON", Feature)
FEATURES_OFF = env.subset("FEATURES_OFF", Feature, without=FEATURES_ON)

# --- payment --------------------------------------------------------------------------------------------
PAYMENT_METHODS = env.choices(
    "PAYMENT_METHODS",
    "invoice",
    ["invoice", "transfer", "stripe", "mollie", "demo"],
    demo="demo,invoice,transfer",
)
STRIPE_SECRET_KEY = env.key("STRIPE_SECRET_KEY", r"[sr]k_(test|live)_\w+", "sk_live_…")
STRIPE_WEBHOOK_SECRET = env.key("STRIPE_WEBHOOK_SECRET", r"whsec_\S+", "whsec_…")
STRIPE_API_URL = env.base_url("STRIPE_API_URL", default="https://api.stripe.com")
MOLLIE_API_KEY = env.key("MOLLIE_API_KEY", r"(test|live)_\w+", "live_…")
MOLLIE_API_URL = env.base_url("MOLLIE_API_URL", default="https://api.mollie.com")
for method, names in {
    "stripe": {"STRIPE_SECRET_KEY": STRIPE_SECRET_KEY, "STRIPE_WEBHOOK_SECRET": STRIPE_WEBHOOK_SECRET},
    "mollie": {"MOLLIE_API_KEY": MOLLIE_API_KEY},
}.items():
    for name, value in names.items():
        env.require(
            name,
            bool(value) or method not in PAYMENT_METHODS,
            f"is missing, and PAYMENT_METHODS has {method}.",
        )
# Providers whose calls are heard: also those no longer offered, as long as their keys are set.
PAYMENT_CALLS = {"stripe": bool(STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET), "mollie": bool(MOLLIE_API_KEY)}
TRANSFER_IBAN = env.iban("TRANSFER_IBAN", demo="DE02120300000000202051")
env.require(
    "TRANSFER_IBAN",
    bool(TRANSFER_IBAN) or "transfer" not in PAYMENT_METHODS,
    "is missing, and PAYMENT_METHODS has transfer.",
)
env.require(
    "PAYMENT_METHODS",
    PAYMENT_METHODS != ["transfer"],
    "needs another method beside transfer, which takes days: visits of tomorrow could not be paid.",
)
TRANSFER_BIC = env.pattern(
    "TRANSFER_BIC", "", r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", "must be a BIC of 8 or 11 letters and digits."
)
TRANSFER_HOLDER = env.text("TRANSFER_HOLDER", SELLER_NAME)
TRANSFER_BANK = env.text("TRANSFER_BANK", "")
TRANSFER_DAYS = env.number("TRANSFER_DAYS", 7, most=60)
TRANSFER_REMIND_DAYS = env.number("TRANSFER_REMIND_DAYS", 4, most=59)
env.require(
    "TRANSFER_REMIND_DAYS",
    TRANSFER_REMIND_DAYS < TRANSFER_DAYS,
    f"must be less than TRANSFER_DAYS ({TRANSFER_DAYS}): who is reminded needs days to pay.",
)
# Where a browser may be sent after the button of the payment: the pages of the providers that are offered.
PAYMENT_PAGES = {"stripe": "https://checkout.stripe.com", "mollie": "https://www.mollie.com"}

# --- languages ------------------------------------------------------------------------------------------
LANGUAGE_NAMES = {"de": "Deutsch", "en": "English"}
LANGUAGES = [(code, LANGUAGE_NAMES[code]) for code in env.choices("LANGUAGES", "de,en", LANGUAGE_NAMES)]
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", "Europe/Berlin")  # the zone of the museums; upstream says the same

# --- storage, broker, mail ------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "vitrine.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.redis_url("REDIS_URL", demo=DATA_DIR)
OWN_BROKER = DEMO and not env.text("REDIS_URL", "")  # then the demo runs one itself
REDIS_PREFIX = env.text("REDIS_PREFIX", "vitrine")  # keeps shops apart that share one server
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
# An unfinished task comes back after visibility_timeout; no task or countdown may last that long.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{REDIS_PREFIX}:",
    "visibility_timeout": 900,
    "queue_order_strategy": "priority",  # a worker of several queues takes the most urgent first
    # A visitor does not wait for a bell that cannot ring: one more try at once, then the sweep.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker without --queues takes all of them.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {queue.value: {} for queue in Queue}
CELERY_TASK_DEFAULT_QUEUE = Queue.MIRROR.value
CELERY_TASK_ROUTES = {job.value: {"queue": queue.value} for job, queue in QUEUES.items()}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    job.value: {"task": job.value, "schedule": seconds, "options": {"expires": seconds}}
    for job, seconds in {
        Job.SYNC_CATALOG: SYNC_SECONDS,
        Job.SWEEP_ORDERS: SWEEP_SECONDS,
        Job.SWEEP_LETTERS: SWEEP_SECONDS,
        Job.SWEEP_HOLDS: SWEEP_SECONDS,
        Job.DROP_BASKETS: 60 * 60,
        Job.WATCH_VISITS: 60 if WATCH_PER_MINUTE else 0,
        Job.SWEEP_EXPORTS: 10 * 60,
        Job.PREFETCH_PLACES: PREFETCH_SECONDS,
    }.items()
    if seconds
} | {
    Job.COMPARE_ORDERS.value: {
        "task": Job.COMPARE_ORDERS.value,
        "schedule": crontab(hour="3", minute="40"),  # of the shop's time
        "options": {"expires": 3600},
    },
    Job.KEEP_RULES.value: {
        "task": Job.KEEP_RULES.value,
        "schedule": crontab(hour="2", minute="20"),
        "options": {"expires": 3600},
    },
}
MEDIA_ROOT = env.folder("MEDIA_ROOT", DATA_DIR / "media")  # mirrored pictures, public
DOCUMENT_ROOT = env.folder("DOCUMENT_ROOT", DATA_DIR / "documents")  # tickets, never served by path
MAIL = env.email("EMAIL_URL", DATA_DIR / "mail")
EMAIL_TIMEOUT = MAIL_SECONDS
globals().update(MAIL)
MAIL_FOLDER = Path(MAIL.get("EMAIL_FILE_PATH", DATA_DIR / "mail"))  # the demo's letter box
DEFAULT_FROM_EMAIL = f"{SELLER_NAME} <{CONTACT_EMAIL}>"

# --- Django ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "staff.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "shop",
    "catalog",
    "orders",
    "counter",
    "checkout",
    "staff",
]
MIDDLEWARE = [
    "shop.health.HealthMiddleware",
    "shop.watching.WatchMiddleware",
    "shop.front.FrontMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shop.pace.PaceMiddleware",
]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "shop.web.branding",
                "checkout.context.basket",
            ],
            "builtins": ["django.templatetags.i18n", "shop.templatetags.vitrine"],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "documents": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DOCUMENT_ROOT},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_URL = "/media/"

# --- security -------------------------------------------------------------------------------------------
HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": [
            "'self'",
            *(PAYMENT_PAGES[name] for name in PAYMENT_METHODS if name in PAYMENT_PAGES),
        ],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
REQUIRE_TWO_FACTOR = env.flag("REQUIRE_TWO_FACTOR", default=not DEMO)  # of the staff
OTP_TOTP_ISSUER = SHOP_NAME
SECURITY_CONTACT = env.pattern(
    "SECURITY_CONTACT",
    CONTACT_EMAIL,
    r"[^@\s]+@[^@\s]+|https://\S+",
    "must be a mail address or an https:// address; it stands in security.txt.",
)
# How often a minute one network address may; schools and offices share one. Who logs in or asks for links: see there.
RATE_LIMITS = env.numbers_by("RATE_LIMITS", {Act.BASKET: 120, Act.SEARCH: 300, Act.KEYS: 30}, least=0)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# Blackened in every line of the log.
SECRETS = [
    *(SECRET_KEY, *SECRET_KEY_FALLBACKS, GOMUS_TOKEN, GOMUS_CUSTOMER_TOKEN, METRICS_TOKEN, SENTRY_DSN),
    *(STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, MOLLIE_API_KEY),
    *(str(DATABASES["default"].get("PASSWORD") or ""), str(MAIL.get("EMAIL_HOST_PASSWORD") or "")),
    urlsplit(REDIS_URL).password or "",
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "shop.tracing.Lines",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "secrets": SECRETS,
        },
        "json": {"()": "shop.tracing.JsonLines", "secrets": SECRETS},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # httpx would log full addresses, and document addresses carry the order token.
    "loggers": {
        "shop.access": {"level": LOG_LEVEL if LOG_FORMAT == "json" else "WARNING"},  # a line per request
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
    },
}

env.refuse("DEBUG", when=DEBUG, because="shows the insides of the shop to visitors; it needs DEMO=1.")
env.refuse("PAYMENT_METHODS", when="demo" in PAYMENT_METHODS, because="the demo payment gives tickets away.")
env.refuse("ALLOWED_HOSTS", when="*" in ALLOWED_HOSTS, because="must name the hosts of the shop, not '*'.")
env.check()
