"""The server's face: pages over HTTP and runs over WebSocket.  Decides nothing about the kernel.

    create_app()            the Flask application, with its SocketIO as ``app.extensions["socketio"]``
    serve("127.0.0.1", 0)   run it here, for one person or one class

For a server that stands for long: ``gunicorn -k gthread -w 1 --threads 232 --no-control-socket webapp.web.wsgi:app``.
One worker, since runs live in its memory; a thread for each socket (PAGEWALK_SOCKETS) and some for pages.
"""

from webapp.web.app import create_app, serve

__all__ = ["create_app", "serve"]
