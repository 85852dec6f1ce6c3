using System.Globalization;
using Sagitta.Autodiff.Parallelism;
using Sagitta.Experiments.Progress;
using Sagitta.Physics.Deposits;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Digitisation;
using Sagitta.Physics.Events;

namespace Sagitta.Experiments.Muon;

/// <summary>
/// The main job of the muon system: train both methods for each seed, evaluate all methods on simulated and on Geant4 hits, compare.
/// Resumable: each model has its folder.
/// </summary>
public sealed class MuonReproduction
{
    private readonly MuonReproductionOptions _options;
    private readonly string _folder;
    private readonly WorkerThreads _threads;
    private readonly IRunProgress _progress;

    /// <summary>A reproduction in <paramref name="folder"/>.</summary>
    public MuonReproduction(MuonReproductionOptions options, string folder, WorkerThreads threads, IRunProgress progress)
    {
        _options = options;
        _folder = folder;
        _threads = threads;
        _progress = progress;
    }

    /// <summary>Runs everything.</summary>
    public MuonComparison Run(CancellationToken stop)
    {
        Detector detector = DetectorFile.Load(_options.Experiment.Detector);
        Lazy<EventSet> validation = new(() => Simulated("validation events", () => MuonSamples.Validation(_options.Experiment, detector, _threads)));
        List<MuonModel> models = [];
        for (int i = 0; i < _options.Seeds; i++)
        {
            MuonExperiment seeded = _options.Experiment with { Seed = _options.Experiment.Seed + (ulong)i };
            Lazy<EventSet> training = new(() => Simulated($"training events, seed {seeded.Seed}", () => MuonSamples.Training(seeded, detector, _threads)));
            foreach (bool endToEnd in new[] { false, true })
            {
                MuonExperiment experiment = seeded with { Loss = seeded.Loss with { EndToEnd = endToEnd } };
                string folder = Path.Combine(_folder, "models", string.Create(CultureInfo.InvariantCulture, $"{MuonTrainingRun.MethodOf(experiment)}-seed{experiment.Seed}"));
                models.Add(new MuonTrainingRun(experiment, new(experiment, detector), folder, _threads, _progress).Run(training, validation, stop));
            }
        }

        return Evaluate(detector, models, stop);
    }

    private MuonComparison Evaluate(Detector detector, List<MuonModel> models, CancellationToken stop)
    {
        MuonChain chain = new(_options.Experiment, detector);
        MuonEvaluation evaluation = new(chain, _threads);
        DepositSet deposits = Geant4Deposits.Read(detector, _options.Geant4.Hits, _options.Geant4.Truth, _options.FirstGeant4Event);
        List<MuonSampleResult> results = [];
        using IStageProgress stage = _progress.Begin("evaluate", 2L * _options.Experiment.Data.TestBackgrounds.Count * (models.Count + 3), "methods");
        foreach (double flux in _options.Experiment.Data.TestBackgrounds)
        {
            foreach (bool geant4 in new[] { false, true })
            {
                EventSet events = geant4
                    ? DepositDigitisation.Digitise(detector, deposits, new() { Background = new() { KHzPerCm2 = [flux] } }, _options.Geant4Seed)
                    : MuonSamples.Test(_options.Experiment, detector, flux, _threads);
                List<MuonMethodResult> methods = [evaluation.Truth(events)];
                stage.Advance();
                foreach (MuonModel model in models)
                {
                    stop.ThrowIfCancellationRequested();
                    methods.Add(evaluation.Network(model, events));
                    stage.Advance();
                }

                methods.Add(evaluation.Classical(events));
                stage.Advance();
                methods.Add(evaluation.Road(events));
                stage.Advance();
                string name = string.Create(CultureInfo.InvariantCulture, $"{(geant4 ? "geant4" : "simulation")}-{flux:0.##}");
                results.Add(new(name, flux, events, methods));
            }
        }

        return new(chain, models, results);
    }

    private EventSet Simulated(string name, Func<EventSet> simulate)
    {
        using IStageProgress stage = _progress.Begin("simulate " + name, 1, "samples");
        EventSet events = simulate();
        stage.Advance();
        return events;
    }
}
