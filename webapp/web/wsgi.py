"""What gunicorn imports: ``gunicorn -k gthread -w 1 --threads 232 --no-control-socket webapp.web.wsgi:app``."""

from webapp.web.app import create_app

app = create_app()
