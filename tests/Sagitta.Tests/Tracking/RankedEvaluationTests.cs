namespace Sagitta.Tests.Tracking;

/// <summary>Ranks that share out events, frames or points all find what one process finds.</summary>
public sealed class RankedEvaluationTests
{
    [Fact]
    public void Muon_methods_on_several_ranks_are_those_of_one()
    {
        MuonModel model = MuonModelFile.Read(ShippedFile.Find("models/muon/end-to-end.safetensors"));
        MuonChain chain = new(model.Experiment, model.Detector);
        MuonMethodResult[] alone = Evaluate(Ranks.Alone);
        foreach (MuonMethodResult[] found in ThreadRanks.Run(3, Evaluate))
        {
            foreach ((MuonMethodResult expected, MuonMethodResult own) in alone.Zip(found))
            {
                Assert.Equal(expected.Auc, own.Auc);
                Assert.Equal(expected.Weights, own.Weights);
                Assert.Equal(expected.Tracks.Status, own.Tracks.Status);
                Assert.Equal(expected.Tracks.QOverPt, own.Tracks.QOverPt);
                Assert.Equal(expected.Tracks.QOverPtError, own.Tracks.QOverPtError);
                Assert.Equal(expected.Tracks.ChiSquare, own.Tracks.ChiSquare);
                Assert.Equal(expected.Tracks.Residuals, own.Tracks.Residuals);
            }
        }

        MuonMethodResult[] Evaluate(Ranks ranks)
        {
            using WorkerThreads threads = new(1);
            MuonEvaluation evaluation = new(chain, threads) { Ranks = ranks };
            EventSet events = SmallMuonRun.Training;
            MuonMethodResult network = evaluation.Network(model, events);
            return [network, evaluation.WithTrackSearch(model, network, events), evaluation.Classical(events)];
        }
    }

    [Fact]
    public void Calorimeter_frames_on_several_ranks_are_those_of_one()
    {
        CalorimeterFrame[] frames = [.. HitPreparation.Events(CalorimeterDepositReader.Read(
            TestData.InRepository("data", "geant4-dtc", "water200_test_hits.csv.gz"))).Frames(20).Take(5)];
        IReadOnlyList<FrameResult> alone = Evaluate(Ranks.Alone);
        Assert.Equal(5, alone.Count);
        Assert.All(ThreadRanks.Run(3, Evaluate), found => Assert.Equal(alone, found));

        IReadOnlyList<FrameResult> Evaluate(Ranks ranks)
        {
            using WorkerThreads threads = new(1);
            using CalorimeterModel model = CalorimeterReconstructor.Read(null, null);
            using CalorimeterEvaluation evaluation = new(threads, ranks);
            return evaluation.Run(model, frames);
        }
    }

    [Fact]
    public void Points_of_a_path_on_several_ranks_are_those_of_one()
    {
        double[] alone = Measure(Ranks.Alone);
        Assert.Equal(7, alone.Distinct().Count());
        Assert.All(ThreadRanks.Run(4, Measure), found => Assert.Equal(alone, found));

        static double[] Measure(Ranks ranks)
        {
            using WorkerThreads threads = new(1);
            return PathProfile.Measure("straight", new Largest(), [0, 1], [1, 5], [2, 7], 7, threads, SilentProgress.Instance,
                CancellationToken.None, ranks).Of("largest");
        }
    }

    private sealed class Largest : IProbe
    {
        public IReadOnlyList<string> Quantities { get; } = ["largest"];

        public void Measure(int worker, ReadOnlySpan<double> parameters, Span<double> values) =>
            values[0] = Math.Max(parameters[0], parameters[1]);
    }
}
