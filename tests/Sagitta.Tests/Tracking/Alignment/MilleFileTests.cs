namespace Sagitta.Tests.Tracking.Alignment;

public sealed class MilleFileTests
{
    [Theory]
    [InlineData(2, "b", 3)]
    [InlineData(3, "a", 2)]
    public void Records_hold_the_residuals_and_the_gradient_that_the_sum_has(int problem, string weights, int free)
    {
        GoldenAlignment golden = new(TestData.InRepository("data", "alignment-golden"), problem, weights, 2000);
        int planes = GoldenAlignment.Planes;
        double[] values = new double[(2 * planes) + 1];
        using TemporaryFolder folder = new();
        using WorkerThreads threads = new(2);
        Assert.Equal(2000, MilleFile.Write(folder.File("tracks.bin"), golden.Model, golden.Tracks, values, new()));
        var sum = AlignmentSum.Of(golden.Model, golden.Tracks, values, new(), threads);
        double[] gradient = new double[2 * planes];
        double chiSquare = 0;
        int records = 0;
        using BinaryReader reader = new(File.OpenRead(folder.File("tracks.bin")));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            records++;
            int words = reader.ReadInt32();
            float[] floats = [.. Enumerable.Range(0, words / 2).Select(_ => reader.ReadSingle())];
            int[] integers = [.. Enumerable.Range(0, words / 2).Select(_ => reader.ReadInt32())];
            Assert.Equal((0f, 0), (floats[0], integers[0]));
            for (int i = 1; i < floats.Length;)
            {
                // A residual, derivatives by the track, a sigma, derivatives by the shifts.
                Assert.Equal(0, integers[i]);
                double residual = floats[i++];
                while (integers[i] != 0)
                {
                    Assert.InRange(integers[i++], 1, free);
                }

                double sigma = floats[i++];
                Assert.Equal(1, sigma);
                chiSquare += residual * residual / (sigma * sigma);
                for (; i < floats.Length && integers[i] != 0; i++)
                {
                    gradient[integers[i] - 1] -= 2 * residual * floats[i];
                }
            }
        }

        Assert.Equal(2000, records);
        Assert.Equal(sum.ChiSquare, chiSquare, 1e-6 * sum.ChiSquare);
        double largest = sum.Gradient.Take(2 * planes).Max(Math.Abs);
        Assert.All(Enumerable.Range(0, 2 * planes), k => Assert.Equal(sum.Gradient[k], gradient[k], 1e-5 * largest));
    }
}
