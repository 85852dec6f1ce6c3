namespace Sagitta.Tests.Tracking.Design;

/// <summary>The core of a trained chain as an objective of a detector's design.</summary>
public sealed class ChainDesignTests
{
    private static readonly MuonModel _model = MuonModelFile.Read(TestData.InRepository("models", "muon", "end-to-end.safetensors"));

    // Few planes that may go anywhere. Muons of low momentum would leave them at their edges, one more or less with each step.
    private static readonly Detector _small = DetectorFile.Load("toy16") is var toy ? toy with
    {
        Planes = [.. Enumerable.Range(0, 6).Select(i => toy.Planes[i] with { Z = 2000 + (600 * i), Station = 0, Between = (1900, 5100) })],
    } : toy;

    // Without a medium nothing is drawn between planes, so that muons keep their scattering and planes their errors wherever planes are.
    [Theory]
    [InlineData(100)]
    [InlineData(50)]
    public void Gradient_is_the_change_of_the_width_of_the_same_events_simulated_again(double pt)
    {
        using WorkerThreads threads = new(1);
        ChainDesign design = new(_small with { Medium = "" }, [pt], _model, new() { Smear = 0.1 }, 7, 1500, threads);
        double[] z = [.. _small.Planes.Select(plane => plane.Z)];
        double[] gradient = new double[z.Length];
        _ = design.Evaluate(z, gradient);
        double largest = gradient.Max(Math.Abs);
        Assert.InRange(largest, 1e-4, 1e-2);
        for (int i = 0; i < z.Length; i++)
        {
            double Moved(double step) => design.Evaluate([.. z.Select((value, k) => k == i ? value + step : value)], []);

            // Further on, single hits come and go at the edges of planes.
            Assert.Equal((Moved(1) - Moved(-1)) / 2, gradient[i], 0.02 * largest);
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(50)]
    public void Gradient_leads_where_that_of_the_bound_does(double pt)
    {
        using WorkerThreads threads = new(1);
        PlaneDesign bound = new(_small, [pt]);
        Assert.InRange(Cosine(new ChainDesign(_small, [pt], _model, new() { Smear = 0.1 }, 7, 1500, threads), bound, bound.Values), 0.9, 1);
    }

    [Fact]
    public void Planes_move_as_the_bound_moves_them_and_the_core_falls_as_the_bound_does()
    {
        using WorkerThreads threads = new(1);
        PlaneDesign bound = new(_small, [50]);
        ChainDesign design = new(_small, [50], _model, new() { Smear = 0.1 }, 7, 1500, threads);
        double[] z = bound.Values;
        double start = design.Evaluate(z, []), expected = bound.Evaluate(z, []);
        (double coreBefore, double widthBefore) = design.Cores(z)[0];
        double found = DesignSearch.Descend(design, z, CancellationToken.None);
        (double core, double width) = design.Cores(z)[0];
        Assert.InRange(found - start, -2, -0.1);
        Assert.Equal(bound.Evaluate(z, []) - expected, found - start, 0.15 * Math.Abs(found - start));
        Assert.Equal(found - start, Math.Log(width / widthBefore), 1e-9);
        Assert.InRange(core / width / (coreBefore / widthBefore), 0.93, 1.07);
    }

    [Fact]
    public void Chain_of_a_shipped_model_in_background_is_improved_in_the_direction_of_the_bound()
    {
        using WorkerThreads threads = new(2);
        Detector toy = DetectorFile.Load("toy16");
        toy = toy with { Planes = [.. toy.Planes.Select(plane => plane with { Between = (1900, 5200) })] };
        PlaneDesign bound = new(toy, [50]);
        ChainDesign design = new(toy, [50], _model, new(), 1, 400, threads);
        double[] z = bound.Values;
        Assert.InRange(Cosine(design, bound, z), 0.8, 1);
        (double core, double width) = design.Cores(z)[0];
        Assert.InRange(width / core, 0.9, 1.1);
        Assert.InRange(core, 0.4, 0.7);
        double[] gradient = new double[z.Length];
        double start = design.Evaluate(z, gradient);
        double length = 30 / gradient.Max(Math.Abs);
        double[] moved = [.. z.Select((value, i) => value - (length * gradient[i]))];
        design.Project(moved);
        double fall = bound.Evaluate(moved, []) - bound.Evaluate(z, []);
        Assert.InRange((design.Evaluate(moved, []) - start) / fall, 0.5, 2);
    }

    [Fact]
    public void Width_is_the_standard_deviation_of_a_normal_distribution_and_does_not_feel_how_far_tails_are()
    {
        RandomDraws draws = RandomKey.FromSeed(3).Draws();
        double[] residuals = [.. Enumerable.Range(0, 20000).Select(_ => 2.5 * draws.NextGaussian())];
        Assert.Equal(2.5, ChainDesign.Width(residuals), 0.05);
        for (int i = 0; i < 400; i++)
        {
            residuals[i] = i % 2 == 0 ? double.NaN : 1e6;
        }

        double failed = ChainDesign.Width(residuals);
        Assert.InRange(failed, 2.52, 2.75);
        Assert.InRange(failed / new ResidualSample(residuals).CoreWidth, 0.97, 1.03);
        Assert.Equal(double.PositiveInfinity, ChainDesign.Width([double.NaN, double.NaN, double.NaN, 1]));
    }

    [Fact]
    public async Task Options_of_the_chain_ask_for_it()
    {
        using TemporaryFolder folder = new();
        using StringWriter output = new(), error = new();
        Assert.Equal(2, await SagittaCommand.RunAsync(["optimise", "detector", "muon", "--between", "2000:5096", "--events", "300", "--out",
            folder.File("design")], output, error));
        Assert.Contains("--events belongs to --chain", error.ToString(), StringComparison.Ordinal);
    }

    private static double Cosine(DesignProblem a, DesignProblem b, double[] z)
    {
        double[] first = new double[z.Length], second = new double[z.Length];
        _ = a.Evaluate(z, first);
        _ = b.Evaluate(z, second);
        double Dot(double[] p, double[] q) => p.Zip(q, (x, y) => x * y).Sum();
        return Dot(first, second) / Math.Sqrt(Dot(first, first) * Dot(second, second));
    }
}
