"""An XGBoost model as a C library, by TL2cgen with its own settings for gcc.

python compile_forest.py MODEL.ubj LIBRARY.so
"""
import sys
import tempfile
from pathlib import Path

import tl2cgen
import treelite

# Trees are spread over several files: a compiler's time grows faster than the length of one.
TREES_A_FILE = 25


def compile_forest(model_file, library):
    model = treelite.frontend.load_xgboost_model(model_file, format_choice="ubjson")
    files = max(2, model.num_tree // TREES_A_FILE)
    tl2cgen.export_lib(model, "gcc", library, params={"parallel_comp": files})


compile_forest(sys.argv[1], Path(sys.argv[2]).resolve())
