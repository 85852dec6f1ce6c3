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
        for (int draw = 1; draw <= draws; draw++)
        {
            double[] shifts = Displacement(draw);
            Detector real = _nominal.WithShifts(shifts, new double[Planes]);
            EventSet events = DepositDigitisation.Digitise(real, deposits, new() { Background = new() { KHzPerCm2 = [flux] } }, (ulong)draw,
                workers: threads);
            double[] known = [.. events.TruthMuon.Zip(events.TruthQOverPt, (muon, q) => muon != 0 ? q : double.NaN)];
            AlignmentResult result = new MuonAlignment(model, _nominal, new(), threads).Run(events.Hits, known, CancellationToken.None);
            Assert.Null(result.Problem);
            (_, double coefficient, double[] others) = Found(result, shifts);
            double rms = Math.Sqrt(others.Average(value => value * value));
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
        (_, double coefficient, _) = Found(result, shifts);
        output.WriteLine(FormattableString.Invariant($"{sample}: sagitta {1000 * coefficient:0.0} um of {result.After.Tracks} tracks"));
        Assert.InRange(coefficient, -0.010, 0.010);
    }

    /// <summary>
    /// Draws share no muon: pulls of the same muons in other displacements are correlated, and their width says little. The Geant4 muons in
    /// parts, or muons of our own simulation.
    /// </summary>
    [Theory]
    [InlineData(true, 5, 4000)]
    [InlineData(false, 20, 4000)]
    public void Stated_errors_hold_over_muons_that_draws_do_not_share(bool geant4, int draws, int muons)
    {
        using WorkerThreads threads = new(2);
        MuonModel model = MuonModelFile.Read(TestData.InRepository("models", "muon", "end-to-end.safetensors"));
        DepositSet? deposits = geant4 ? Geant4Deposits.Read(_nominal, TestData.Full("geant4-toy16", "ref_hits.csv.gz"),
            TestData.Full("geant4-toy16", "ref_truth.csv.gz")) : null;
        List<double> pullsOfSagitta = [];
        List<double> pullsOfOthers = [];
        List<double> pulls = [];
        for (int draw = 1; draw <= draws; draw++)
        {
            double[] shifts = Displacement(draw);
            Detector real = _nominal.WithShifts(shifts, new double[Planes]);
            int first = geant4 ? (draw - 1) * muons : 0;
            EventSet events = deposits is not null
                ? DepositDigitisation.Digitise(real, deposits, new() { Background = new() { KHzPerCm2 = [5] } }, (ulong)draw,
                    workers: threads)
                : MuonSimulation.Generate(real, new() { Digitisation = new() { Background = new() { KHzPerCm2 = [5] } } }, (ulong)draw,
                    0, muons, threads);
            double[] known = [.. events.TruthMuon.Zip(events.TruthQOverPt, (muon, q) => muon != 0 ? q : double.NaN)];
            AlignmentResult result = new MuonAlignment(model, _nominal, new(), threads).Run(
                events.Hits.Slice(first, muons), known[first..(first + muons)], CancellationToken.None);
            Assert.Null(result.Problem);
            (double[] left, double coefficient, double[] others) = Found(result, shifts);
            // The error of the coefficient is that of the combination of planes which states it.
            double error = CombinationError(result, Bow(result));
            pullsOfSagitta.Add(coefficient / error);
            pullsOfOthers.AddRange(others.Select((value, i) => value / result.Error(i)));
            pulls.AddRange(left.Select((value, i) => value / result.Error(i)));
            output.WriteLine(FormattableString.Invariant($"draw {draw}: sagitta {1000 * coefficient:0.00} +- {1000 * error:0.00} um, ")
                + FormattableString.Invariant($"others {1000 * Math.Sqrt(others.Average(v => v * v)):0.00} um, ")
                + FormattableString.Invariant(
                    $"error of plane 5 {1000 * result.Error(5):0.00} um, chi2/ndf {result.After.ChiSquarePerDegree:0.000}"));
        }

        output.WriteLine(FormattableString.Invariant($"pulls {Width(pulls):0.000}, sagitta {Width(pullsOfSagitta):0.000}, ")
            + FormattableString.Invariant($"others {Width(pullsOfOthers):0.000}"));
        Assert.InRange(Width(pulls), 0.8, 1.2);
    }

    private static double Width(List<double> pulls) => Math.Sqrt(pulls.Average(pull => pull * pull));

    private static double[] Bow(AlignmentResult result) =>
        Without(result.Model.Patterns[0][2].Factors[..Planes], Weak(result));

    private static List<double[]> Weak(AlignmentResult result) =>
        AlignmentConstraint.Orthonormal(result.Model.Patterns[0].Take(2).Select(p => p.Factors[..Planes]));

    // What is left of the displacement without shift and shear, its sagitta in mm, and the rest.
    private static (double[] Left, double Sagitta, double[] Others) Found(AlignmentResult result, double[] shifts)
    {
        double[] left = Without([.. result.Values.Take(Planes).Zip(shifts, (found, truth) => found - truth)], Weak(result));
        double[] bow = Bow(result);
        double coefficient = left.Zip(bow, (a, b) => a * b).Sum() / bow.Sum(b => b * b);
        return (left, coefficient, Without(left, AlignmentConstraint.Orthonormal([bow])));
    }

    private static double CombinationError(AlignmentResult result, double[] bow)
    {
        double norm = bow.Sum(b => b * b);
        double variance = 0;
        for (int i = 0; i < Planes; i++)
        {
            for (int j = 0; j < Planes; j++)
            {
                variance += bow[i] * bow[j] * result.Covariance[i, j];
            }
        }

        return Math.Sqrt(variance) / norm;
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
