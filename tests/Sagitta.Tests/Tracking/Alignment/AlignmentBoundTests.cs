using Xunit.Abstractions;

namespace Sagitta.Tests.Tracking.Alignment;

/// <summary>What alignment promises on Geant4 muons, for many displacements of 0.2 mm.</summary>
[Trait("data", "full")]
[Trait("speed", "slow")]
public sealed class AlignmentBoundTests(ITestOutputHelper output)
{
    private const int Planes = 16;
    private static readonly Detector _nominal = DetectorFile.Load("toy16");

    [Theory]
    [InlineData(5, 20)]
    [InlineData(0, 5)]
    public void Planes_of_many_draws_are_found_and_the_aligned_detector_reconstructs_as_the_true_one(double flux, int draws)
    {
        using WorkerThreads threads = new(2);
        MuonModel model = MuonModelFile.Read(TestData.InRepository("models", "muon", "end-to-end.safetensors"));
        DepositSet deposits = Geant4Deposits.Read(_nominal, TestData.Full("geant4-toy16", "ref_hits.csv.gz"),
            TestData.Full("geant4-toy16", "ref_truth.csv.gz"));
        List<double> pulls = [];
        for (int draw = 1; draw <= draws; draw++)
        {
            double[] shifts = Displacement(draw);
            Detector real = _nominal.WithShifts(shifts, new double[Planes]);
            EventSet events = DepositDigitisation.Digitise(real, deposits, new() { Background = new() { KHzPerCm2 = [flux] } }, (ulong)draw,
                workers: threads);
            double[] known = [.. events.TruthMuon.Zip(events.TruthQOverPt, (muon, q) => muon != 0 ? q : double.NaN)];
            AlignmentResult result = new MuonAlignment(model, _nominal, new(), threads).Run(events.Hits, known, CancellationToken.None);
            Assert.Null(result.Problem);
            double[] off = [.. result.Values.Take(Planes).Zip(shifts, (found, truth) => found - truth)];
            double[] sagitta = [.. Enumerable.Range(0, Planes).Select(i => result.Model.Patterns[0][2].Factors[i])];
            List<double[]> weak = AlignmentConstraint.Orthonormal(result.Model.Patterns[0].Take(2).Select(p => p.Factors[..Planes]));
            double[] left = Without(off, weak);
            double[] bow = Without(sagitta, weak);
            double coefficient = left.Zip(bow, (a, b) => a * b).Sum() / bow.Sum(b => b * b);
            double[] rest = Without(left, AlignmentConstraint.Orthonormal([bow]));
            double rms = Math.Sqrt(rest.Average(value => value * value));
            pulls.AddRange(left.Select((value, i) => value / result.Error(i)));
            Detector aligned = DetectorFile.Parse(DetectorFile.Write(
                _nominal.WithShifts(result.Values.AsSpan(0, Planes), new double[Planes])), "aligned");
            (double efficiency, double core) = Quality(events, real);
            (double alignedEfficiency, double alignedCore) = Quality(events, aligned);
            output.WriteLine(FormattableString.Invariant($"draw {draw}: rms {1000 * rms:0.00} um, sagitta {1000 * coefficient:0.0} um, ")
                + FormattableString.Invariant($"efficiency {alignedEfficiency:0.0000} ({efficiency:0.0000}), ")
                + FormattableString.Invariant($"core {alignedCore:0.0000} ({core:0.0000}), {result.Moves.Count} rounds"));
            Assert.InRange(rms, 0, 0.002);
            Assert.InRange(coefficient, -0.010, 0.010);
            Assert.InRange(alignedEfficiency, efficiency - 0.001, 1);
            Assert.InRange(alignedCore, 0.99 * core, 1.01 * core);
        }

        double width = Math.Sqrt(pulls.Average(pull => pull * pull));
        output.WriteLine(FormattableString.Invariant($"pulls {width:0.000}"));
        Assert.InRange(width, 0.8, 1.2);
    }

    [Theory]
    [InlineData("fixed5")]
    [InlineData("fixed10")]
    [InlineData("fixed30")]
    [InlineData("fixed100")]
    public void A_sample_of_one_known_momentum_and_both_charges_fixes_the_sagitta(string sample)
    {
        using WorkerThreads threads = new(2);
        MuonModel model = MuonModelFile.Read(TestData.InRepository("models", "muon", "end-to-end.safetensors"));
        double[] shifts = Displacement(1);
        Detector real = _nominal.WithShifts(shifts, new double[Planes]);
        DepositSet deposits = Geant4Deposits.Read(_nominal, TestData.Full("geant4-toy16", sample + "_hits.csv.gz"),
            TestData.Full("geant4-toy16", sample + "_truth.csv.gz"));
        EventSet events = DepositDigitisation.Digitise(
            real, deposits, new() { Background = new() { KHzPerCm2 = [5] } }, 1, workers: threads);
        AlignmentResult result = new MuonAlignment(model, _nominal, new(), threads).Run(events.Hits, events.TruthQOverPt,
            CancellationToken.None);
        Assert.Null(result.Problem);
        List<double[]> weak = AlignmentConstraint.Orthonormal(result.Model.Patterns[0].Take(2).Select(p => p.Factors[..Planes]));
        double[] left = Without([.. result.Values.Take(Planes).Zip(shifts, (found, truth) => found - truth)], weak);
        double[] bow = Without(result.Model.Patterns[0][2].Factors[..Planes], weak);
        double coefficient = left.Zip(bow, (a, b) => a * b).Sum() / bow.Sum(b => b * b);
        output.WriteLine(FormattableString.Invariant($"{sample}: sagitta {1000 * coefficient:0.0} um of {result.After.Tracks} tracks"));
        Assert.InRange(coefficient, -0.010, 0.010);
    }

    private static double[] Displacement(int draw)
    {
        RandomDraws draws = RandomKey.FromSeed((ulong)draw).Split("displacement").Draws();
        double[] shifts = new double[Planes];
        for (int i = 0; i < Planes; i++)
        {
            shifts[i] = 0.2 * draws.NextGaussian();
        }

        return shifts;
    }

    // Share of muons within five limits, and half of the span from 16 to 84 per cent of the residuals in limits.
    private static (double Efficiency, double Core) Quality(EventSet events, Detector detector)
    {
        ResolutionLimit limit = new(_nominal, 0.1);
        using var reconstructor = MuonReconstructor.Load(detector: detector, threads: 2);
        double[] residuals = [.. reconstructor.Reconstruct(events.Hits).Select((track, e) => (track, e))
            .Where(pair => events.TruthMuon[pair.e] != 0)
            .Select(pair => (pair.track.QOverPt - events.TruthQOverPt[pair.e]) / limit.Sigma(events.TruthQOverPt[pair.e]))];
        double[] near = [.. residuals.Where(double.IsFinite).Order()];
        return ((double)residuals.Count(r => Math.Abs(r) < 5) / residuals.Length,
            (near[(int)(0.84 * near.Length)] - near[(int)(0.16 * near.Length)]) / 2);
    }

    private static double[] Without(double[] values, List<double[]> basis)
    {
        foreach (double[] unit in basis)
        {
            double part = unit.Zip(values, (a, b) => a * b).Sum();
            values = [.. values.Zip(unit, (a, b) => a - (part * b))];
        }

        return values;
    }
}
