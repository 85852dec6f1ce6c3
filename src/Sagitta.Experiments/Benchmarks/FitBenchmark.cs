using System.Diagnostics;

namespace Sagitta.Experiments.Benchmarks;

/// <summary>Speed of the track fit on one core: simulated tracks of 3 to 200 GeV through a detector, planes with their own errors and
/// presences, fitted to rounding, the same with full covariance, and the implicit gradients of the fits on all clusters.</summary>
internal sealed class FitBenchmark : BenchmarkGroup
{
    // Small enough that a batch stays in the second-level cache, as a chunk of a training step does.
    private const int Events = 512;

    private readonly Tape<double> _tape = new();
    private readonly CircleFit _fit;
    private readonly CorrelatedFit _correlated;
    private readonly double[] _centroid;
    private readonly double[] _sigma;
    private readonly double[] _presence;
    private readonly double[] _upstream;

    public FitBenchmark(Detector detector)
    {
        CircleGeometry geometry = CircleGeometry.Of(detector);
        int planes = geometry.PlaneCount;
        _fit = new(geometry);
        _correlated = new(geometry, new TrackMaterial(detector));
        _centroid = new double[Events * planes];
        _sigma = new double[Events * planes];
        _presence = new double[Events * planes];
        _upstream = new double[Events * TrackParameter.Count];
        RandomDraws draws = RandomKey.FromSeed(1).Split("fit-benchmark").Draws();
        for (int e = 0; e < Events; e++)
        {
            double y0 = draws.NextUniform(-100, 100);
            double slope = draws.NextUniform(-0.05, 0.05);
            double curvature = (draws.NextUniform() < 0.5 ? -1 : 1) / (
                3 * Math.Exp(draws.NextUniform(0, Math.Log(70)))) * geometry.CurvaturePerQOverPt;
            for (int i = 0; i < planes; i++)
            {
                int k = (e * planes) + i;
                _sigma[k] = draws.NextUniform(0.05, 0.2);
                _presence[k] = draws.NextUniform() < 0.05 ? 0 : draws.NextUniform(0.8, 1);
                _centroid[k] = y0 + CircleTrack.Displacement(geometry.Z[i], slope, curvature) + (_sigma[k] * draws.NextGaussian());
            }
        }

        foreach (ref double gradient in _upstream.AsSpan())
        {
            gradient = draws.NextGaussian();
        }
    }

    /// <summary>Fits all tracks once and returns how many converged.</summary>
    public int Forward()
    {
        _tape.Reset();
        int planes = _fit.Geometry.PlaneCount;
        return _fit.Apply(_tape.Leaf(_centroid, Events, planes), _tape.Leaf(_sigma, Events, planes), _tape.Leaf(_presence, Events, planes))
            .Statuses.Count(SolveStatus.Converged);
    }

    /// <summary>The benchmark of the suite; it runs on one core.</summary>
    public static FitBenchmark Create() => new(DetectorFile.Load("toy16"));

    public override IEnumerable<IReadOnlyList<BenchmarkFigure>> Run(double seconds)
    {
        int repetitions = Math.Max(4, (int)(400 * seconds));
        yield return
        [
            new("fit.forward", Rate(repetitions, backward: false, covariance: false), "tracks/s") { Bound = 5e6 },
            new("fit.backward", Rate(repetitions, backward: true, covariance: false), "tracks/s") { Bound = 5e6 },
            new("fit.covariance", Rate(repetitions, backward: false, covariance: true), "tracks/s") { Bound = 1e6 },
            new("fit.covarianceBackward", Rate(repetitions, backward: true, covariance: true), "tracks/s"),
        ];
    }

    /// <summary>Seconds of an exact assignment of a dense matrix of uniform random costs on one core, over 16 different ones.</summary>
    public static Timing Assignment(int size, double seconds)
    {
        const int Problems = 16;
        using DenseAssignment solver = new();
        double[] costs = new double[Problems * size * size];
        RandomDraws draws = RandomKey.FromSeed(1).Split("assignment-benchmark").Draws();
        foreach (ref double cost in costs.AsSpan())
        {
            cost = draws.NextUniform();
        }

        int[] columnOfRow = new int[size];
        return Timing.Of(() =>
        {
            for (int i = 0; i < Problems; i++)
            {
                solver.Solve<double>(costs.AsSpan(i * size * size, size * size), size, size, columnOfRow);
            }
        }, seconds).Per(Problems);
    }

    public override void Dispose() => _tape.Dispose();

    // Median over repetitions of tracks per second: fitted, or with their gradient carried back alone; with full covariance after the
    // diagonal fit, which is not counted, or carried back through both.
    internal double Rate(int repetitions, bool backward, bool covariance)
    {
        double[] seconds = new double[repetitions];
        for (int r = -repetitions / 4; r < repetitions; r++)
        {
            _tape.Reset();
            int planes = _fit.Geometry.PlaneCount;
            Tensor<double> centroid = _tape.Leaf(_centroid, Events, planes);
            Tensor<double> sigma = _tape.Leaf(_sigma, Events, planes);
            Tensor<double> presence = _tape.Leaf(_presence, Events, planes);
            long start = Stopwatch.GetTimestamp();
            ImplicitSolution tracks = _fit.Apply(centroid, sigma, presence);
            if (covariance)
            {
                start = Stopwatch.GetTimestamp();
                tracks = _correlated.Apply(centroid, sigma, presence, tracks.Value);
            }

            if (backward)
            {
                _tape.PrepareGradients();
                _upstream.CopyTo(tracks.Value.Gradient);
                start = Stopwatch.GetTimestamp();
                _tape.Backward();
            }

            if (r >= 0)
            {
                seconds[r] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        Array.Sort(seconds);
        return Events / seconds[repetitions / 2];
    }
}
