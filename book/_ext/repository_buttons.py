"""Buttons that lead to the repository, Binder and Colab, if it has an address.

The address stands in tutorgpt.ground.published. A page called notebooks/x
lies in the repository's own folder notebooks/, not in the book's.
"""

from sphinx.application import Sphinx
from sphinx.config import Config

from tutorgpt.ground.published import REPOSITORY


def theme_options(repository: str) -> dict[str, object]:
    """What the theme is told of the repository: nothing if it has none."""
    if not repository:
        return {}
    return {
        "repository_url": repository,
        "repository_branch": "main",
        "path_to_docs": "",
        "use_repository_button": True,
        "launch_buttons": {
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
        },
    }


def add_buttons(app: Sphinx, config: Config) -> None:
    """Hand them to the theme before it looks at its options."""
    known = dict(config.html_theme_options)
    known["use_repository_button"] = False  # Jupyter Book turns some on
    known["launch_buttons"] = {}
    config.html_theme_options = known | theme_options(config.repository)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("repository", REPOSITORY, "html")
    app.connect("config-inited", add_buttons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
