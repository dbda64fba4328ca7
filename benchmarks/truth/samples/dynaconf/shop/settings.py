"""A shop: dynaconf's Django extension at the end of an ordinary module."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = "only-for-development"
DEBUG = False
ALLOWED_HOSTS = []
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
ROOT_URLCONF = "shop.urls"

# Keep this at the end of the file.
import dynaconf  # noqa: E402

settings = dynaconf.DjangoDynaconf(
    __name__,
    settings_files=["../settings.toml"],
    environments=True,
    envvar_prefix="SHOP",
    env_switcher="SHOP_ENV",
    load_dotenv=False,
)
