"""A learner's module is tried with the weights of the solution."""

from tutorgpt.learn.asking import judge
from tutorgpt.learn.exercises import EXERCISES


def test_an_idle_part_is_named():
    """A parameter without effect is told by its name."""

    class Lazy(EXERCISES["5.4"].reference()):
        def forward(self, x):
            return x + self.multi_head(self.norm_1(x))

    verdict = judge(EXERCISES["5.4"], "no residual path", Lazy)

    assert "no effect on the result" in verdict.text
    assert "norm_2" in verdict.text
