"""The trained model as a file: made with fixed methods, written the same each time, read with care.

Only the regression is an object of a library. The vectoriser is built here from constants, so that
a file cannot bring a tokeniser of its own.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SEED = 0
_CLASSES = ("fail", "pass")
_MOST_TERMS = 20_000
_MOST_BYTES = 16 << 20  # of the file, and of what it unpacks to
_TRUSTED: frozenset[str] = frozenset()  # beyond numbers, texts, arrays and scikit-learn's models
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file knows


def _vectoriser(terms: list[str] | None = None) -> Any:  # noqa: ANN401 ships no types
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, max_features=_MOST_TERMS, vocabulary=terms
    )


def _regression() -> Any:  # noqa: ANN401 ships no types
    """Return the untrained model.

    Primal liblinear draws no lot and adds up in one order, whatever the number of cores.
    """
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(
        solver="liblinear", class_weight="balanced", max_iter=1000, random_state=SEED
    )


@dataclass(frozen=True)
class Trained:
    """A model that was read: terms, their weights, and the regression."""

    vectoriser: Any
    regression: Any
    terms: Sequence[str]

    def weighed(self, text: str) -> Any:  # noqa: ANN401 a sparse row of scipy
        """Return the weights of the known terms of a text, None when it holds none."""
        counts = self.vectoriser.transform([text])
        return counts if counts.nnz else None

    def chance(self, counts: Any) -> float:  # noqa: ANN401
        """Return the probability of a pass."""
        chance = float(self.regression.predict_proba(counts)[0, 1])
        return min(max(chance, 0.0), 1.0)

    def decisive(self, counts: Any, outcome: str) -> list[str]:  # noqa: ANN401
        """Return the terms that speak for an outcome, the weightiest first."""
        side = 1 if outcome == "pass" else -1
        weights = counts.data * self.regression.coef_[0, counts.indices] * side
        pairs = zip(weights, counts.indices, strict=True)
        found = sorted((-weight, self.terms[index]) for weight, index in pairs if weight > 0)
        return [term for _, term in found]


def trained(texts: Sequence[str], verdicts: Sequence[str]) -> bytes:
    """Return the bytes of a model; ValueError when the texts hold no words."""
    from skops import io as skops

    vectoriser = _vectoriser()
    counts = vectoriser.fit_transform(texts)
    model = _regression().fit(counts, verdicts)
    content = {
        "terms": "\n".join(vectoriser.get_feature_names_out()),  # no term holds a line break
        "idf": vectoriser.idf_,
        "regression": model,
    }
    return _reproducible(skops.dumps(content))


def _reproducible(archive: bytes) -> bytes:
    """Return the archive without clock times and memory addresses, which skops writes into it."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as new,
    ):
        names: dict[str, str] = {}
        schema = _anonymous(json.loads(old.read("schema.json")), names)
        for was, name in names.items():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(was))
        text = json.dumps(schema, indent=1, sort_keys=True)
        new.writestr(zipfile.ZipInfo("schema.json", _EPOCH), text)
    return written.getvalue()


def _anonymous(node: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 any JSON value
    """Return a node without addresses; `names` collects the new name of each file."""
    if isinstance(node, list):
        return [_anonymous(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _anonymous(item, names) for key, item in node.items() if key != "__id__"}
    if node.get("__loader__") == "NdArrayNode" and "file" in node:
        kept["file"] = names.setdefault(node["file"], f"{len(names)}.npy")
    return kept


def loaded(data: bytes) -> Trained:
    """Return the model that a file holds; raise some error or other for anything else."""
    from skops import io as skops

    _expect_small(data)
    strange = set(skops.get_untrusted_types(data=data)) - _TRUSTED
    if strange:
        raise ValueError(f"it holds the type {min(strange)}, which is not trusted")
    content = skops.loads(data, trusted=sorted(_TRUSTED))
    if not isinstance(content, dict) or set(content) != {"terms", "idf", "regression"}:
        raise ValueError("it does not hold terms, idf and regression")
    terms = content["terms"].split("\n")
    _expect_regression(content["regression"], content["idf"], len(terms))
    vectoriser = _vectoriser(terms)
    vectoriser.idf_ = content["idf"]
    return Trained(vectoriser, content["regression"], terms)


def _expect_small(data: bytes) -> None:
    if len(data) > _MOST_BYTES:
        raise ValueError(f"it is larger than {_MOST_BYTES} bytes")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
            raise ValueError(f"it unpacks to more than {_MOST_BYTES} bytes")


def _expect_regression(model: Any, idf: Any, terms: int) -> None:  # noqa: ANN401 ships no types
    """Refuse a model that `fit` would not have written."""
    import numpy as np

    wanted = _regression()
    if type(model) is not type(wanted) or model.get_params() != wanted.get_params():
        raise ValueError("its model is not the one that `fit` trains")
    if tuple(model.classes_) != _CLASSES:
        raise ValueError("its classes are not fail and pass")
    numbers = (model.coef_, model.intercept_, idf)
    shapes = [np.shape(part) for part in numbers]
    finite = all(np.isfinite(part).all() for part in numbers)
    if shapes != [(1, terms), (1,), (terms,)] or not finite:
        raise ValueError("its weights do not fit its terms")
