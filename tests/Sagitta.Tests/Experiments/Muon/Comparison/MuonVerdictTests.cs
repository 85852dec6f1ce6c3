namespace Sagitta.Tests.Experiments.Muon.Comparison;

/// <summary>Claims and sentences on made-up tracks whose widths are known.</summary>
public sealed class MuonVerdictTests
{
    private const int Events = 4000;
    private static readonly MuonChain _chain = new(SmallMuonRun.Experiment, SmallMuonRun.Detector);

    [Fact]
    public void Claims_hold_where_the_numbers_say_so()
    {
        MuonComparison comparison = Comparison(0.63, 0.80, 0.70, gain: 0.0005);
        Dictionary<string, MuonClaim> claims = MuonClaims.Of(comparison).ToDictionary(c => c.Name);
        Assert.All(claims.Values, claim => Assert.Equal(VerdictOutcome.Holds, claim.Outcome));
        Assert.Equal(-0.17, claims[MuonClaims.Core].Measured.Value, 0.02);
        Assert.True(claims[MuonClaims.Core].Measured.High < 0);
        Assert.InRange(claims["core within 10 % of truth"].Measured.Value, 1.0, 1.1);
        Verdict verdict = MuonVerdict.Of(comparison);
        Assert.Equal(VerdictOutcome.Holds, verdict.Outcome);
        Assert.StartsWith("Training through the fit pays", verdict.Headline, StringComparison.Ordinal);
        Assert.Contains("selects hits better", verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Claims_fail_where_the_numbers_say_so_and_the_sentence_names_them()
    {
        MuonComparison comparison = Comparison(0.80, 0.63, 0.70, gain: -0.004);
        Dictionary<string, MuonClaim> claims = MuonClaims.Of(comparison).ToDictionary(c => c.Name);
        foreach (string name in new[] { MuonClaims.Core, MuonClaims.Auc, "core within 10 % of truth", "narrower core than classical" })
        {
            Assert.Equal(VerdictOutcome.Fails, claims[name].Outcome);
        }

        Verdict verdict = MuonVerdict.Of(comparison);
        Assert.Equal(VerdictOutcome.Fails, verdict.Outcome);
        Assert.Contains("not established", verdict.Headline, StringComparison.Ordinal);
        Assert.Contains("selects hits worse", verdict.Text, StringComparison.Ordinal);
        Assert.Contains("narrower core than classical", verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_that_its_interval_does_not_separate_from_zero_is_not_decided()
    {
        MuonComparison comparison = Comparison(0.70, 0.70, 0.70, gain: 0);
        Assert.Equal(VerdictOutcome.Undecided, MuonClaims.Of(comparison).Single(c => c.Name == MuonClaims.Core).Outcome);
        Assert.Contains("Nothing is claimed about hit selection", MuonVerdict.Of(comparison).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_cover_the_true_difference()
    {
        // Twenty comparisons of seeds and events of their own: at 95 %, more than four misses have a probability of 0.3 %.
        int covered = 0;
        for (ulong run = 0; run < 20; run++)
        {
            PairedDifference difference = Difference(Comparison(0.70, 0.80, 0.70, gain: 0, run + 100, events: 600));
            covered += difference.Low < -0.10 && difference.High > -0.10 ? 1 : 0;
        }

        Assert.InRange(covered, 16, 20);
    }

    [Theory]
    [InlineData(0.0100, 0.0020, nameof(VerdictOutcome.Holds))]
    [InlineData(0.0001, 0.0001, nameof(VerdictOutcome.Holds))]
    [InlineData(0.0050, 0.0048, nameof(VerdictOutcome.Undecided))]
    [InlineData(0.0020, 0.0030, nameof(VerdictOutcome.Undecided))]
    [InlineData(0.0010, 0.0100, nameof(VerdictOutcome.Fails))]
    public void Fakes_are_no_worse_where_the_whole_interval_says_so(double classical, double network, string expected)
    {
        MuonMethodRates Of(MuonMethod method, ulong seed, double share) => new(method, seed, new(5, 1, 0.95), share, 0, [], []);
        MuonRates rates = new(15, 10_000, 0, [Of(MuonMethod.Classical, 0, classical), .. Enumerable.Range(1, 5)
            .Select(seed => Of(MuonMethod.EndToEnd, (ulong)seed, network))]);
        MuonClaim claim = MuonClaims.Fakes(rates, MuonMethod.EndToEnd, "")!;
        Assert.Equal(expected, claim.Outcome.ToString());
        Assert.Equal(network - classical, claim.Measured.Value, 1e-12);

        // Student's t of four degrees of freedom, 2.776, times the root of the binomial variances.
        double half = 2.776 * Math.Sqrt(((classical * (1 - classical)) + (network * (1 - network))) / 10_000);
        Assert.Equal(half, claim.Measured.High - claim.Measured.Value, 1e-6);
        Assert.Null(MuonClaims.Fakes(rates, MuonMethod.Factorised, ""));
    }

    [Fact]
    public void The_documents_tell_every_claim()
    {
        MuonComparison comparison = Comparison(0.63, 0.80, 0.70, gain: 0.0005);
        string document = MuonMarkdown.Document(comparison, [], "sagitta reproduce muon --out out");
        string summary = MuonSummary.Of(comparison).ToJsonString();
        foreach (MuonClaim claim in MuonClaims.Of(comparison))
        {
            Assert.Contains($"| {claim.Name} |", document, StringComparison.Ordinal);
            Assert.Contains(claim.Name, summary, StringComparison.Ordinal);
        }

        Assert.Contains("| end-to-end |", MuonMarkdown.Short(comparison, "sagitta"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_claim_is_decided_against_a_method_that_fails()
    {
        MuonComparison comparison = Comparison(0.63, 0.80, 0.70, gain: 0.0005, classicalFailures: 0.6);
        MuonClaim[] claims = [.. MuonClaims.Of(comparison)];
        MuonClaim[] against = [.. claims.Where(c => c.Name.Contains("than classical", StringComparison.Ordinal))];
        Assert.Equal(2, against.Length);
        Assert.All(against, claim =>
        {
            Assert.Equal(VerdictOutcome.Undecided, claim.Outcome);
            Assert.Contains("the classical method fails on this detector", claim.Bound, StringComparison.Ordinal);
        });
        Assert.All(claims.Except(against), claim => Assert.Equal(VerdictOutcome.Holds, claim.Outcome));
        Verdict verdict = MuonVerdict.Of(comparison);
        Assert.Equal(VerdictOutcome.Undecided, verdict.Outcome);
        Assert.Contains("claims against it are not decided", verdict.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("does not decide these claims", verdict.Text, StringComparison.Ordinal);
        Assert.Null(MuonSummary.Of(comparison)["verdict"]!["claims"]!.AsArray()
            .Single(c => (string)c!["name"]! == MuonClaims.Efficient)!["holds"]);
        Assert.Equal("", MuonClaims.Failure(Comparison(0.63, 0.80, 0.70, gain: 0).Samples[0], MuonMethod.Classical));
    }

    [Fact]
    public void Every_metric_of_a_method_stands_in_all_four_renderings()
    {
        MuonMethodRow row = new(MuonMethod.EndToEnd, Comparison(0.63, 0.80, 0.70, gain: 0).Samples[0].Of(MuonMethod.EndToEnd));
        MetricTableTests.StandsInAllFour(MuonMetrics.OfMethod, row);
        MuonRatesRow rates = new(MuonMethod.Classical, [new(MuonMethod.Classical, 0, new(5, 1, 0.95), 0.01, 2, [],
            [.. MuonRates.Thresholds.Select(t => new SpectrumShares(t, 0.1, 0.01, 0.001, 0.09))])]);
        MetricTableTests.StandsInAllFour([.. MuonMetrics.OfRates, .. MuonMetrics.OfTrigger(0)], rates);
    }

    [Fact]
    public void The_name_of_a_method_is_read_back()
    {
        foreach (MuonMethodKind kind in Enum.GetValues<MuonMethodKind>())
        {
            foreach (HitCleaning cleaning in Enum.GetValues<HitCleaning>())
            {
                Assert.Equal(new MuonMethod(kind, cleaning), MuonMethod.Parse(new MuonMethod(kind, cleaning).Name));
            }
        }

        Assert.Equal("end-to-end with track search", new MuonMethod(MuonMethodKind.EndToEnd, HitCleaning.TrackSearch).Name);
        Assert.Null(MuonMethod.Parse("end to end"));
    }

    [Fact]
    public void With_track_search_both_methods_have_claims_of_their_own()
    {
        Dictionary<string, MuonClaim> claims = MuonClaims.Of(WithTrackSearch()).ToDictionary(c => c.Name);
        Assert.Equal(VerdictOutcome.Holds, claims[MuonClaims.CoreSearch].Outcome);
        Assert.Equal(-0.15, claims[MuonClaims.CoreSearch].Measured.Value, 0.02);
        Assert.Equal(VerdictOutcome.Holds, claims[MuonClaims.Bias + ", with track search"].Outcome);
        Assert.Equal(VerdictOutcome.Holds, claims["narrower core than classical, with track search"].Outcome);
        Assert.Equal(0.02, claims["more efficient than classical, with track search"].Measured.Value, 0.005);
    }

    /// <summary>A comparison at 5 kHz/cm2 whose methods also have rows with track search, end-to-end narrower by 0.15 limits than its
    /// twin.</summary>
    internal static MuonComparison WithTrackSearch()
    {
        MuonComparison comparison = Comparison(0.63, 0.80, 0.70, gain: 0.0005);
        MuonSampleResult sample = comparison.Samples[0];
        IEnumerable<MuonMethodResult> searched = Enumerable.Range(1, 5).SelectMany(seed => new[]
        {
            Result(MuonMethod.Factorised with { Cleaning = HitCleaning.TrackSearch }, (ulong)seed, sample.Events, 0.77, 0, 1),
            Result(MuonMethod.EndToEnd with { Cleaning = HitCleaning.TrackSearch }, (ulong)seed, sample.Events, 0.62, 0, 1),
        });
        return comparison with { Samples = [sample with { Methods = [.. sample.Methods, .. searched] }] };
    }

    private static PairedDifference Difference(MuonComparison comparison) => comparison.CoreWidthDifference(comparison.Samples[0]);

    private static MuonComparison Comparison(double endToEnd, double factorised, double classical, double gain, ulong run = 1,
        int events = Events, double classicalFailures = 0.02)
    {
        EventSet set = Sample(events, run);
        List<MuonMethodResult> methods = [Result(MuonMethod.Truth, 0, set, 0.61, 0, run),
            Result(MuonMethod.Classical, 0, set, classical, classicalFailures, run)];
        List<MuonModel> models = [];
        for (ulong seed = 1; seed <= 5; seed++)
        {
            methods.Add(Result(MuonMethod.Factorised, seed, set, factorised, 0.005, run) with { Auc = 0.998, AveragePrecision = 0.97 });
            methods.Add(Result(MuonMethod.EndToEnd, seed, set, endToEnd, 0.005, run) with
            {
                Auc = 0.998 + gain + (1e-5 * seed),
                AveragePrecision = 0.97 + gain + (1e-5 * (seed % 2)) - 1e-5
            });
            models.Add(new(MuonMethod.EndToEnd, SmallMuonRun.Experiment with { Seed = seed }, new(_chain.Scorer.Layout),
                new MuonReading.Soft()));
        }

        return new(_chain, models, [new("simulation-5", 5, set, methods)]);
    }

    private static MuonMethodResult Result(MuonMethod method, ulong seed, EventSet events, double width, double failures, ulong run)
    {
        RandomDraws draws = RandomKey.FromSeed(run).Split(method.Name).Split(seed).Draws();
        TrackTable tracks = new(events.Count);
        for (int e = 0; e < events.Count; e++)
        {
            double truth = events.TruthQOverPt[e];
            bool failed = draws.NextUniform() < failures;
            tracks.Status[e] = failed ? SolveStatus.TooFewPlanes : SolveStatus.Converged;
            tracks.QOverPt[e] = failed ? double.NaN : truth * (
                1 + (width * draws.NextGaussian() * _chain.Limit.Relative(1 / Math.Abs(truth))));
        }

        return new()
        {
            Method = method,
            Seed = seed,
            Reading = seed > 0 ? "soft" : "",
            Resolution = ResolutionSummary.Of(tracks.Outcomes(events), _chain.Limit.Relative, MuonEvaluation.PtBorders),
            Tracks = tracks,
        };
    }

    private static EventSet Sample(int count, ulong run)
    {
        RandomDraws draws = RandomKey.FromSeed(run).Split("truth").Draws();
        double[] truth = new double[count];
        for (int e = 0; e < count; e++)
        {
            truth[e] = (draws.NextUniform() < 0.5 ? -1 : 1) / draws.NextUniform(5, 100);
        }

        return new()
        {
            Hits = new()
            {
                Detector = DetectorFile.Load("toy16"),
                EventNumber = [.. Enumerable.Range(0, count).Select(e => (long)e)],
                Offsets = new int[count + 1],
                Plane = [],
                Y = [],
                Charge = [],
                Time = [],
                RoadCentre = new float[2 * count],
            },
            Source = "simulation",
            BackgroundKHzPerCm2 = 5,
            LabelHit = [],
            Background = new float[count],
            TruthMuon = [.. Enumerable.Repeat((byte)1, count)],
            TruthQOverPt = truth,
            TruthY0 = new double[count],
            TruthSlope = new double[count],
            TruthCrossing = new float[16 * count],
        };
    }
}
