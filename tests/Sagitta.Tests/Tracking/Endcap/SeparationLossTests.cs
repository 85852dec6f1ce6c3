namespace Sagitta.Tests.Tracking.Endcap;

public sealed class SeparationLossTests
{
    private static readonly short[] _labels = [0, 0, 1, -1, 1, 1, 2];

    [Fact]
    public void Gradient_is_that_of_differences()
    {
        RandomDraws draws = RandomKey.FromSeed(5).Draws();
        float[] places = [.. Enumerable.Range(0, 2 * _labels.Length).Select(_ => (float)draws.NextUniform(-0.6, 0.6))];
        using Tape<float> tape = new();
        Tensor<float> leaf = tape.Leaf(places, _labels.Length, 2);
        tape.Backward(SeparationLoss.Apply(leaf, _labels, 3, 0.7));
        for (int i = 0; i < places.Length; i++)
        {
            const float Step = 1e-2f;
            double Loss(float move)
            {
                float[] moved = [.. places];
                moved[i] += move;
                using Tape<float> own = new();
                return SeparationLoss.Apply(own.Leaf(moved, _labels.Length, 2), _labels, 3, 0.7).Values[0];
            }

            Assert.Equal((Loss(Step) - Loss(-Step)) / (2 * Step), leaf.Gradient[i], 2e-3);
        }
    }

    [Fact]
    public void Tracks_apart_and_hits_together_cost_nothing()
    {
        using Tape<float> tape = new();
        float[] places = [.. _labels.SelectMany(label => (float[])[label * 2f, 0])];
        Assert.Equal(0, SeparationLoss.Apply(tape.Leaf(places, _labels.Length, 2), _labels, 3, 1).Values[0], 1e-6);
    }
}
