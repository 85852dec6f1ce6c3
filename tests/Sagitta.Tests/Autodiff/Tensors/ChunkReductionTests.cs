namespace Sagitta.Tests.Autodiff.Tensors;

public sealed class ChunkReductionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sum_is_that_of_the_chunks_in_order_for_any_number_of_threads(int count)
    {
        ParameterLayout layout = new();
        layout.Add("a", 77, 91, new Initialisation.Uniform(1));
        layout.Add("b", 1, 3, new Initialisation.Uniform(1));
        ParameterVector<float>[] chunks = [.. Enumerable.Range(0, 7).Select(_ => new ParameterVector<float>(layout))];
        using ParameterVector<float> total = new(layout);
        using WorkerThreads threads = new(count);
        ChunkReduction<float> reduction = new(chunks);
        for (int active = 0; active <= 7; active++)
        {
            for (int c = 0; c < 7; c++)
            {
                chunks[c].Initialise(new RandomKey((ulong)c + 1));
            }

            float[] expected = new float[layout.Length];
            for (int c = 0; c < active; c++)
            {
                for (int i = 0; i < expected.Length; i++)
                {
                    expected[i] += chunks[c].Values[i];
                }
            }

            total.Values.Fill(99);
            reduction.SumInto(total, active, threads);
            Assert.Equal(expected, total.Values.ToArray());
            Assert.All(chunks.Take(active), chunk => Assert.Equal(-1, chunk.Values.IndexOfAnyExcept(0f)));
            Assert.All(chunks.Skip(active), chunk => Assert.NotEqual(0f, chunk.Values[0]));
        }

        foreach (ParameterVector<float> chunk in chunks)
        {
            chunk.Dispose();
        }
    }

    [Fact]
    public void Vectors_of_other_networks_are_refused()
    {
        using ParameterVector<float> one = new(new ParameterLayout()), other = new(new ParameterLayout());
        using WorkerThreads threads = new(1);
        Assert.Throws<ArgumentException>(() => new ChunkReduction<float>([one, other]));
        Assert.Throws<ArgumentException>(() => new ChunkReduction<float>([one]).SumInto(other, 1, threads));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChunkReduction<float>([one]).SumInto(one, 2, threads));
    }
}
