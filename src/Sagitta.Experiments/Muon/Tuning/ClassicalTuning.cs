namespace Sagitta.Experiments.Muon.Tuning;

/// <summary>Tunes the classical method on simulated validation events at each flux in kHz/cm2, one parameter after the other over a list of
/// values, twice; values are those of toy16 times what <see cref="ClassicalOptions.For"/> makes of the detector. What is kept has the
/// smallest mean over fluxes of the core width of r / limit plus five times the fraction beyond 5 limits.</summary>
internal sealed class ClassicalTuning(MuonExperiment experiment, Detector detector, IReadOnlyList<double> fluxes, WorkerThreads threads)
{
    private const int Rounds = 2;
    private const double TailWeight = 5;

    private static readonly (string Name, double[] Values, Func<ClassicalOptions, double> Get,
        Func<ClassicalOptions, double, ClassicalOptions> Set)[] _parameters =
    [
        ("outlierPull", [2.5, 3, 3.5, 4, 5], o => o.OutlierPull, (o, v) => o with { OutlierPull = v }),
        ("planeValue", [6, 9, 14], o => o.PlaneValue, (o, v) => o with { PlaneValue = v }),
        ("stripWindow", [0.6, 0.8, 1], o => o.StripWindow, (o, v) => o with { StripWindow = v }),
        ("stripScattering", [0, 1, 3], o => o.StripScattering, (o, v) => o with { StripScattering = v }),
        ("segmentTolerance", [0.7, 1, 1.5], o => o.SegmentTolerance, (o, v) => o with { SegmentTolerance = v }),
        ("planeShare", [0.5, 0.6], o => o.PlaneShare, (o, v) => o with { PlaneShare = v }),
        ("matchTolerance", [5, 8, 12], o => o.MatchTolerance, (o, v) => o with { MatchTolerance = v }),
        ("matchScattering", [15, 30, 60], o => o.MatchScattering, (o, v) => o with { MatchScattering = v }),
        ("maximumSlope", [0.35, 0.6], o => o.MaximumSlope, (o, v) => o with { MaximumSlope = v }),
    ];

    private readonly EventSet[] _samples = [.. fluxes.Select(flux => MuonSamples.Validation(
        experiment with { Data = experiment.Data with { ValidationBackground = flux } }, detector, threads))];

    /// <summary>The best options, beginning with the experiment's own.</summary>
    public ClassicalOptions Run(IRunProgress progress, CancellationToken stop)
    {
        ClassicalOptions best = experiment.Classical;
        double least = Objective(best);
        ClassicalOptions usual = new();
        ClassicalOptions own = ClassicalOptions.For(detector);
        using IStageProgress stage = progress.Begin("tune", Rounds * _parameters.Sum(p => p.Values.Length), "settings");
        for (int round = 0; round < Rounds; round++)
        {
            foreach ((string name, double[] values, Func<ClassicalOptions, double> get,
                Func<ClassicalOptions, double, ClassicalOptions> set) in _parameters)
            {
                double scale = get(own) / get(usual);
                foreach (double value in values.Select(value => value * scale))
                {
                    stop.ThrowIfCancellationRequested();
                    ClassicalOptions candidate = set(best, value);
                    double objective = candidate == best ? least : Objective(candidate);
                    if (objective < least)
                    {
                        least = objective;
                        best = candidate;
                        stage.Show(string.Create(CultureInfo.InvariantCulture, $"{name} {value}: {objective:0.0000}"));
                    }

                    stage.Advance();
                }
            }
        }

        return best;
    }

    /// <summary>What is made small.</summary>
    public double Objective(ClassicalOptions options)
    {
        MuonEvaluation evaluation = new(new(experiment with { Classical = options }, detector), threads);
        return _samples.Select(evaluation.Classical).Sum(
            result => (result.Resolution.CoreWidth + (TailWeight * result.Resolution.Tail5)) / _samples.Length);
    }
}
