namespace Sagitta.Tests.Tracking.Alignment;

/// <summary>Sums, modes and shifts against Millepede's pede and a least squares in numpy, on the same measurements.</summary>
public sealed class GoldenAlignmentTests
{
    private const int Parameters = (2 * GoldenAlignment.Planes) + 1;

    private static string InRepository => TestData.InRepository("data", "alignment-golden");

    [Theory]
    [InlineData(1, "a")]
    [InlineData(1, "b")]
    [InlineData(2, "a")]
    [InlineData(2, "b")]
    [InlineData(3, "a")]
    [InlineData(3, "b")]
    public void Gradient_and_curvature_at_no_shift_are_those_of_numpy(int problem, string weights)
    {
        GoldenAlignment golden = new(InRepository, problem, weights, 2000);
        using WorkerThreads threads = new(2);
        var sum = AlignmentSum.Of(golden.Model, golden.Tracks, new double[Parameters], new(), threads);
        string[][] rows = golden.Start;
        double largestGradient = rows.Max(row => Math.Abs(GoldenAlignment.Number(row[2])));
        double largest = rows.Max(row => row.Skip(3).Max(text => Math.Abs(GoldenAlignment.Number(text))));
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(GoldenAlignment.Number(rows[i][2]), sum.Gradient[i], 2e-9 * largestGradient);
            for (int j = 0; j < rows.Length; j++)
            {
                Assert.Equal(GoldenAlignment.Number(rows[i][3 + j]), sum.Curvature[(i * Parameters) + j], 1e-9 * largest);
            }
        }
    }

    [Theory]
    [InlineData(1, "a")]
    [InlineData(1, "b")]
    [InlineData(2, "a")]
    [InlineData(2, "b")]
    [InlineData(3, "a")]
    [InlineData(3, "b")]
    public void Shifts_and_errors_are_those_of_numpy(int problem, string weights) => CompareShifts(InRepository, problem, weights, 2000);

    [Theory]
    [Trait("data", "full")]
    [InlineData(1, "b", 19997)]
    [InlineData(2, "a", 19997)]
    [InlineData(2, "b", 19997)]
    [InlineData(3, "b", 19998)]
    public void Shifts_of_many_muons_are_those_of_numpy(int problem, string weights, int tracks) =>
        CompareShifts(TestData.Full("alignment-golden"), problem, weights, tracks);

    [Theory]
    [InlineData(1, "b")]
    [InlineData(2, "b")]
    [InlineData(3, "b")]
    public void Weak_modes_are_those_of_numpy(int problem, string weights)
    {
        GoldenAlignment golden = new(InRepository, problem, weights, 2000);
        using WorkerThreads threads = new(2);
        AlignmentSum sum = golden.Solve(threads).Sum;
        IReadOnlyList<WeakMode> modes = AlignmentSolution.Modes(golden.Model, sum, golden.Free);
        string[][] rows = golden.Modes;
        for (int k = 0; k < rows.Length; k++)
        {
            double[] vector = [.. rows[k].Skip(2).Select(GoldenAlignment.Number)];
            double sigma = GoldenAlignment.Number(rows[k][1]);
            double near = k == 0 || k == rows.Length - 1 ? 0 : Math.Min(
                Math.Abs((GoldenAlignment.Number(rows[k - 1][1]) / sigma) - 1), Math.Abs(
                    (GoldenAlignment.Number(rows[k + 1][1]) / sigma) - 1));
            if (sigma < 1e4)
            {
                // The shear's curvature is 1e-10 of the largest, where agreement ends.
                Assert.Equal(1, modes[k].Sigma / sigma, sigma > 10 ? 0.01 : sigma > 0.1 ? 1e-4 : 1e-5);
            }
            else
            {
                Assert.True(modes[k].Sigma > 1e4, $"mode {k} is measured to {modes[k].Sigma} mm");
            }

            if (near > 0.05 && sigma < 10)
            {
                Assert.InRange(Math.Abs(vector.Zip(modes[k].Vector, (a, b) => a * b).Sum()), 0.9999, 1.0001);
            }
        }
    }

    [Fact]
    public void Weak_modes_of_free_momenta_are_named_with_what_they_do_to_momenta()
    {
        GoldenAlignment golden = new(InRepository, 2, "b", 2000);
        using WorkerThreads threads = new(2);
        var sum = AlignmentSum.Of(golden.Model, golden.Tracks, new double[Parameters], new(), threads);
        IReadOnlyList<WeakMode> weak = AlignmentSolution.WeakOf(
            golden.Model, AlignmentSolution.Modes(golden.Model, sum, golden.Free));
        Assert.Equal(["bow in z", "sagitta", "scale in z", "shear", "shift along y", "shift along z"], weak.Select(mode => mode.Name)
            .Order());
        WeakMode sagitta = weak.Single(mode => mode.Name == "sagitta");
        Assert.Equal(0.65, sagitta.Sigma, 0.01);

        // What a mode does to q/pT, by fits of the same tracks with and without it.
        double[] values = [.. sagitta.Vector.Select(part => 0.01 * part)];
        values.AsSpan(GoldenAlignment.Planes).Clear();
        double[] before = QOverPt(golden, new double[Parameters], threads);
        double[] after = QOverPt(golden, values, threads);
        double mean = before.Zip(after, (a, b) => b - a).Average();
        Assert.Equal(mean / 0.01, sagitta.QOverPtPerMm, 0.02 * Math.Abs(sagitta.QOverPtPerMm));
    }

    [Fact]
    public void Sums_have_the_same_bits_for_any_number_of_threads()
    {
        GoldenAlignment golden = new(InRepository, 2, "b", 2000);
        using WorkerThreads one = new(1);
        using WorkerThreads three = new(3);
        var a = AlignmentSum.Of(golden.Model, golden.Tracks, new double[Parameters], new(LargestPull: 3), one);
        var b = AlignmentSum.Of(golden.Model, golden.Tracks, new double[Parameters], new(LargestPull: 3), three);
        Assert.Equal(a.Curvature, b.Curvature);
        Assert.Equal(a.Gradient, b.Gradient);
        Assert.NotEqual(0, a.Rejected.Sum());
    }

    [Fact]
    public void Gradient_is_the_change_of_the_refitted_sum()
    {
        GoldenAlignment golden = new(InRepository, 3, "a", 2000);
        using WorkerThreads threads = new(2);
        var sum = AlignmentSum.Of(golden.Model, golden.Tracks, new double[Parameters], new(), threads);
        foreach ((int parameter, double step) in new[] { (3, 1e-3), (21, 1e-2), (32, 1e-5) })
        {
            double[] values = new double[Parameters];
            values[parameter] = step;
            double up = AlignmentSum.Of(golden.Model, golden.Tracks, values, new(), threads).ChiSquare;
            values[parameter] = -step;
            double down = AlignmentSum.Of(golden.Model, golden.Tracks, values, new(), threads).ChiSquare;
            Assert.Equal((up - down) / (2 * step), sum.Gradient[parameter], 1e-5 * Math.Abs(sum.Gradient[parameter]));
        }
    }

    private static double[] QOverPt(GoldenAlignment golden, double[] values, WorkerThreads threads)
    {
        double[] found = new double[golden.Tracks.Y.Length / GoldenAlignment.Planes];
        _ = AlignmentSum.Of(golden.Model, golden.Tracks, values, new(), threads, (t, track) => found[t] = track.Track[2]);
        return found;
    }

    private static void CompareShifts(string folder, int problem, string weights, int tracks)
    {
        GoldenAlignment golden = new(folder, problem, weights, tracks);
        using WorkerThreads threads = new(2);
        (double[] values, AlignmentSolution solution, AlignmentSum _) = golden.Solve(threads);
        double largest = 0;
        foreach (string[] row in golden.Result)
        {
            int parameter = int.Parse(row[0], CultureInfo.InvariantCulture) + (row[1] == "dz" ? GoldenAlignment.Planes : 0);
            largest = Math.Max(largest, Math.Abs(values[parameter] - GoldenAlignment.Number(row[7])));
            Assert.Equal(GoldenAlignment.Number(row[8]), solution.Error(parameter), 1e-6 * GoldenAlignment.Number(row[8]));
        }

        Assert.InRange(largest, 0, 1e-9);
    }
}
