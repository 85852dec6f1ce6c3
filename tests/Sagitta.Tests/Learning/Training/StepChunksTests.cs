namespace Sagitta.Tests.Learning.Training;

public sealed class StepChunksTests
{
    [Theory]
    [InlineData(2, 9)]
    [InlineData(3, 9)]
    [InlineData(4, 3)]
    [InlineData(5, 1)]
    public void Sums_have_the_same_bits_on_any_number_of_ranks(int ranks, int chunks)
    {
        (float[] Sum, double[] Numbers)[] alone = [.. Steps(Ranks.Alone, chunks)];
        Assert.NotEqual(alone[0].Sum, alone[1].Sum);
        foreach ((float[] Sum, double[] Numbers)[] found in ThreadRanks.Run(ranks, own => Steps(own, chunks)))
        {
            Assert.Equal(alone.Select(step => step.Sum), found.Select(step => step.Sum));
            Assert.Equal(alone.Select(step => step.Numbers), found.Select(step => step.Numbers));
        }
    }

    // Gradients of very different sizes: another order of the sum has other bits.
    private static (float[] Sum, double[] Numbers)[] Steps(Ranks ranks, int chunks)
    {
        ParameterLayout layout = new();
        layout.Add("weights", 7, 11, new Initialisation.Constant(0));
        using WorkerThreads threads = new(2);
        using StepChunks<float> steps = new(layout, chunks, 2, threads, ranks);
        using ParameterVector<float> total = new(layout);
        return [.. Enumerable.Range(0, 3).Select(step =>
        {
            int active = step == 2 ? Math.Max(1, chunks - 2) : chunks;
            int[] turns = [.. Enumerable.Range(0, active).Reverse()];
            steps.Run(turns, (chunk, _) =>
            {
                RandomDraws draws = RandomKey.FromSeed(7).Split((ulong)step).Split((ulong)chunk).Draws();
                foreach (ref float value in steps.GradientOf(chunk).Values)
                {
                    value += (float)((draws.NextUniform() - 0.5) * Math.Pow(10, 8 * draws.NextUniform()));
                }

                steps.NumbersOf(chunk)[0] = chunk;
                steps.NumbersOf(chunk)[1] = draws.NextUniform();
            }, total);
            return (total.Values.ToArray(), Enumerable.Range(0, active).SelectMany(chunk => steps.NumbersOf(chunk).ToArray()).ToArray());
        })];
    }
}
