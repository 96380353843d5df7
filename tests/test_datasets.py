import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from tuneup_helpers.datasets import (
    FASHION_CLASSES,
    data_file,
    digits_split,
    load_adult,
    load_fashion,
    load_reviews,
)
from tuneup_helpers.replay import load_table

DATA = Path(__file__).parent.parent / "data"


def test_adult_is_mixed_with_missing_values():
    X, y = load_adult()
    assert X.shape == (10_000, 12)
    assert y.isin([0, 1]).all()
    assert y.mean() == pytest.approx(0.24, abs=0.01)
    assert X.select_dtypes("number").shape[1] == 5
    assert X["occupation"].isna().any()
    assert not (X.select_dtypes(exclude="number") == "?").any().any()


def test_fewer_rows_are_the_first_of_the_same_order():
    X, y = load_adult()
    X_100, y_100 = load_adult(100)
    assert X_100.equals(X.head(100))
    assert y_100.equals(y.head(100))


def test_digits_split_is_fixed_stratified_and_disjoint():
    X_train, X_test, y_train, y_test = digits_split(300)
    assert X_train.shape == (300, 64)
    assert len(X_train) + len(X_test) == 1797
    assert X_train.min() == 0
    assert X_train.max() == 1
    assert np.bincount(y_train).min() >= 28
    assert np.array_equal(X_train, digits_split(300)[0])
    assert not {row.tobytes() for row in X_train} & {row.tobytes() for row in X_test}


def test_fashion_has_equal_classes_and_no_picture_in_both_parts():
    X_train, X_test, y_train, y_test = load_fashion()
    assert X_train.shape == (4000, 14, 14)
    assert X_test.shape == (2000, 14, 14)
    assert 0 == X_train.min() < X_train.max() == 1
    assert set(np.bincount(y_train)) == {400}
    assert set(np.bincount(y_test)) == {200}
    assert len(FASHION_CLASSES) == 10
    assert not {x.tobytes() for x in X_train} & {x.tobytes() for x in X_test}


def test_fewer_pictures_are_the_first_and_hold_every_class():
    X_train, X_test, y_train, _ = load_fashion(200)
    assert np.array_equal(X_train, load_fashion()[0][:200])
    assert len(X_test) == 2000
    assert np.bincount(y_train, minlength=10).min() >= 8


@pytest.mark.parametrize("n", [0, 99, 4_001, 200.0, None.__class__, True])
def test_fashion_refuses_other_sizes(n):
    with pytest.raises(ValueError, match="n_train must be a whole number from 100 to 4000"):
        load_fashion(n)


def test_reviews_are_balanced_and_none_stands_twice():
    X, y = load_reviews()
    assert X.shape == (2979, 2)
    assert y.mean() == pytest.approx(0.5, abs=0.01)
    assert X["source"].value_counts().min() > 980
    assert X["text"].str.strip().ne("").all()
    assert X["text"].str.casefold().is_unique
    assert y.groupby(X["source"]).mean().between(0.49, 0.51).all()


def test_whole_numbers_of_numpy_are_whole_numbers():
    assert len(load_adult(np.int64(50))[0]) == len(digits_split(np.int64(50))[0]) == 50


@pytest.mark.parametrize("n", [0, 9, 10_001, 2.5, "100", True])
def test_adult_refuses_other_numbers_of_rows(n):
    with pytest.raises(ValueError, match="n_rows must be a whole number from 10 to 10000"):
        load_adult(n)


@pytest.mark.parametrize("n", [0, 1_701, 0.5, None, True])
def test_digits_refuses_other_sizes(n):
    with pytest.raises(ValueError, match="n_train must be a whole number"):
        digits_split(n)


def test_missing_damaged_or_unknown_files_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("TUNEUP_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="no Tune Up data in"):
        data_file("adult.csv.gz")
    shutil.copy(DATA / "SHA256SUMS", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"adult.csv.gz is missing: restore it"):
        data_file("adult.csv.gz")
    (tmp_path / "adult.csv.gz").write_bytes(b"not the data")
    with pytest.raises(ValueError, match="is damaged or was changed"):
        load_adult()
    (tmp_path / "tables").mkdir()
    whole = (DATA / "tables" / "svc_digits.npz").read_bytes()
    (tmp_path / "tables" / "svc_digits.npz").write_bytes(whole[:-1])
    with pytest.raises(ValueError, match="is damaged or was changed"):
        load_table.__wrapped__("svc_digits")
    with pytest.raises(ValueError, match="no data file 'iris.csv'; there are"):
        data_file("iris.csv")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["SHA256SUMS", "adult.csv.gz", "tables"]


@pytest.fixture
def making(load_script, tmp_path, monkeypatch):
    """What the scripts share, writing into an empty folder."""
    module = load_script("making")
    monkeypatch.setattr(module, "DATA", tmp_path)
    monkeypatch.setenv("TUNEUP_DATA", str(tmp_path))
    return module


def test_scripts_compute_the_wanted_parts_and_keep_the_others(making, tmp_path):
    parts = {"a": lambda: {"a/1": np.zeros(2), "a/2": np.ones(1)}, "b": lambda: {"b": np.ones(3)}}
    making.fill("x.npz", parts, steps=7)
    first = dict(np.load(io.BytesIO(data_file("x.npz"))))
    assert first.keys() == {"a/1", "a/2", "b", "steps"}
    parts = {"a": lambda: {"a/1": np.full(2, 5.0)}, "b": lambda: pytest.fail("not wanted")}
    making.fill("x.npz", parts, ["a"], steps=7)
    second = dict(np.load(io.BytesIO(data_file("x.npz"))))
    assert second.keys() == first.keys()
    assert second["a/1"].tolist() == [5, 5]
    assert second["b"].tolist() == [1, 1, 1]
    before = (tmp_path / "x.npz").read_bytes()
    for wanted in (["a", "c"], ["A"]):
        with pytest.raises(ValueError, match=r"no part '[cA]'; there are\n  a\n  b"):
            making.fill("x.npz", parts, wanted)
    assert (tmp_path / "x.npz").read_bytes() == before
    making.write_arrays("tables/y.npz", {"b": np.ones(3)})
    assert len(data_file("tables/y.npz")) == (tmp_path / "tables" / "y.npz").stat().st_size


def test_scripts_compute_on_one_thread_whatever_was_set(making):
    def threads():
        return {pool["num_threads"] for pool in threadpool_info()}

    with threadpool_limits(2):
        assert 2 in threads()
        ((_, found),) = making.compute({"threads": threads})
    assert found == {1}


def test_every_data_file_has_a_checksum_and_a_line_in_the_readme():
    kinds = {".csv", ".gz", ".npz"}
    files = {f.relative_to(DATA).as_posix() for f in DATA.rglob("*") if f.suffix in kinds}
    files -= {"hyperparameters.csv"}  # written by hand
    sums = [line.split() for line in (DATA / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in sums} == files
    readme = (DATA / "README.md").read_text()
    for checksum, name in sums:
        assert checksum in readme, name
