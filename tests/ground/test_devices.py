"""Devices: what is offered here, in one sentence."""

import pytest
import torch

from tutorgpt.ground.devices import check_device, offered


@pytest.fixture
def only_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without any accelerator."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(torch.xpu, "is_available", lambda: False)


@pytest.fixture
def two_gpus(only_cpu: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer with two of them."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)


@pytest.mark.parametrize("name", ["gpu", "tpu", "cuda", "meta", "cuda:0", ""])
def test_what_is_not_offered_is_refused(name: str, only_cpu: None) -> None:
    """One short sentence, without torch's list of twenty."""
    with pytest.raises(ValueError, match=r"torch offers cpu here$") as refused:
        check_device(name)

    assert repr(name) in str(refused.value)
    assert len(str(refused.value)) < 70


def test_a_gpu_has_another_name(two_gpus: None) -> None:
    """Who writes gpu means the fast one that is there."""
    with pytest.raises(ValueError, match=r"cpu and cuda .*mean 'cuda'"):
        check_device("gpu")
    with pytest.raises(ValueError, match="did you mean 'cuda'"):
        check_device("CUDA")


def test_the_number_of_a_device_is_looked_at(two_gpus: None) -> None:
    """There are two, counted from 0."""
    assert offered() == ["cpu", "cuda"]
    assert check_device("cuda:1") == "cuda:1"
    for wrong in ("cuda:2", "cuda:x", "cuda:"):
        with pytest.raises(ValueError, match="choose cuda:0 to cuda:1"):
            check_device(wrong)
    with pytest.raises(ValueError, match=r"choose cpu:0$"):
        check_device("cpu:1")
