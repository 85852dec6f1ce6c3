namespace Sagitta.Tests.Tracking.Endcap.Fitting;

public sealed class EndcapTruthTests
{
    private const int Planes = VacuumMuons.Planes;
    private const double Resolution = 0.1;

    // Each muon is measured so many times, which brings the error of a pull's width of one sample, 2 %, down where measuring dominates.
    private const int Repeats = 5;

    [Theory]
    [InlineData("single10")]
    [InlineData("single30")]
    [InlineData("single100")]
    [Trait("data", "full")]
    public void True_crossings_with_errors_reach_the_limit_and_pulls_have_their_width(string sample)
    {
        EndcapDetector endcap = EndcapDetector.Load("endcap");
        EndcapFit fit = new(new(endcap));
        EndcapLimit limit = new(fit.Model, [.. Enumerable.Repeat(Resolution, Planes)]);
        ColumnTable truth = TableFile.Read(TestData.Full("geant4-endcap", sample + "_truth.csv.gz"),
            [new("charge", ColumnKind.Number), new("p_0", ColumnKind.Number) { MayBeUnknown = true }]);
        string[] names = ["event", "layer", "track", "flag", "x", "y", "px", "py", "pz"];
        ColumnTable hits = TableFile.Read(TestData.Full("geant4-endcap", sample + "_hits.csv.gz"),
            [.. names.Select(name => new ColumnRequest(name, ColumnKind.Number))]);
        RandomDraws draws = RandomKey.FromSeed(11).Split(sample).Draws();
        int tracks = Repeats * truth.Count;
        double[] u = new double[tracks * Planes];
        double[] presence = new double[tracks * Planes];
        TrackState[] states = new TrackState[truth.Count];
        double[][] columns = [.. names.Select(hits.Numbers)];
        for (int i = 0; i < hits.Count; i++)
        {
            if (columns[2][i] != 1 || columns[3][i] != 1)
            {
                continue;
            }

            (int number, int plane) = ((int)columns[0][i], (int)columns[1][i]);
            for (int k = (number * Planes) + plane; k < u.Length; k += truth.Count * Planes)
            {
                u[k] = endcap.Planes[plane].Measured(columns[4][i], columns[5][i]) + (Resolution * draws.NextGaussian());
                presence[k] = 1;
            }

            if (plane == 0)
            {
                states[number] = new(columns[4][i], columns[5][i], columns[6][i] / columns[8][i], columns[7][i] / columns[8][i],
                    truth.Numbers("charge")[number] / truth.Numbers("p_0")[number] * 1000);
            }
        }

        double[] sigma = [.. Enumerable.Repeat(Resolution, Planes)];
        double[] covariance = new double[25];
        double[] bound = new double[25];
        double[][] pulls = [.. Enumerable.Range(0, 5).Select(_ => new double[tracks])];
        double[] relative = new double[tracks];
        double[] fitted = new double[5];
        double[] expected = new double[5];
        int failed = 0;
        for (int i = 0; i < tracks; i++)
        {
            TrackState state = states[i % truth.Count];
            EndcapFitResult result = fit.Fit(u.AsSpan(i * Planes, Planes), sigma, presence.AsSpan(i * Planes, Planes), covariance);
            failed += result.Status == SolveStatus.Converged ? 0 : 1;
            Assert.True(limit.TryCovariance(state, bound));
            result.State.CopyTo(fitted);
            state.CopyTo(expected);
            for (int k = 0; k < 5; k++)
            {
                pulls[k][i] = (fitted[k] - expected[k]) / Math.Sqrt(covariance[k * 6]);
            }

            relative[i] = (fitted[4] - expected[4]) / Math.Sqrt(bound[24]);
        }

        string told = string.Create(CultureInfo.InvariantCulture, $"{sample}: core {Core(relative):F3}, pulls {string.Join(", ",
            pulls.Select(values => Core(values).ToString("F3", CultureInfo.InvariantCulture)))}, bias {Quantile(relative, 0.5):F3}, "
            + $"failed {failed}, bound {Math.Sqrt(bound[24]) / Math.Abs(states[^1].QOverP):F5}");
        Assert.True(failed <= 2 * Repeats && Math.Abs(Core(relative) - 1) <= 0.1
            && pulls.All(values => Math.Abs(Core(values) - 1) <= 0.05), told);
    }

    private static double Core(double[] values) => (Quantile(values, 0.8413) - Quantile(values, 0.1587)) / 2;

    private static double Quantile(double[] values, double at)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted[(int)(at * (sorted.Length - 1))];
    }
}
