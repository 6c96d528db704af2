"""How gunicorn serves the bare view: as the shop is served, without what the shop does when it starts."""

preload_app = True
control_socket_disable = True
