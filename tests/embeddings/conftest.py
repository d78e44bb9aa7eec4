from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from embeddings import Encoder, open_encoder

PASSAGES = [
    "地区生产总值增长5.5%，规模以上工业增加值增长6%，社会消费品零售总额增长5%。",
    "2024年，全区地区生产总值完成620亿元，同比增长4.8%。",
    "一是加大招商引资力度，新签约亿元以上项目30个；二是优化营商环境。",
    "新建、改造农村公路12公里，  解决 1200 户居民冬季供热问题～",
    "①“四个体系”：指现代产业体系、科技创新体系、开放合作体系、公共服务体系。",
    "城乡居民人均可支配收入分别增长5%和6%左右，完成固定资产投资１８０亿元。",
    "生物医药、食品工业、装备制造三大产业集群不断壮大。" * 12,
    "GDP and investment kept growing in the new area, up 4.8% year on year.",
]


@pytest.fixture(scope="session")
def encoder(models: Path) -> Encoder:
    return open_encoder("bundled", models)


@pytest.fixture(scope="session")
def passages() -> list[str]:
    return PASSAGES


@pytest.fixture(scope="session")
def entries() -> Callable[[int], tuple[list[str], list[str], np.ndarray]]:
    def make(count: int, seed: int = 7) -> tuple[list[str], list[str], np.ndarray]:
        """Spread vectors as a text encoder does: around one direction, along few others; every 50th group is small."""
        random = np.random.default_rng(seed)
        centre, directions = random.normal(size=384) * 2, random.normal(size=(30, 384))
        drawn = random.normal(size=(count, 414))  # A larger count begins with the rows of a smaller one.
        vectors = centre + 0.3 * (drawn[:, :30] @ directions + drawn[:, 30:])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        groups = ["small" if row % 50 == 7 else f"report-{row % 5}" for row in range(count)]
        return [f"p-{row}" for row in range(count)], groups, vectors.astype(np.float32)

    return make
