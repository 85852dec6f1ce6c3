using System.IO.Compression;

namespace Sagitta.Tests.Tracking.ResidualRange;

public sealed class TrackRangesTests
{
    private static readonly double[] _depths = LayerDepths.Of(TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped));

    [Theory]
    [InlineData(100, 229.6)]
    [InlineData(150, 179.5)]
    [InlineData(200, 129.6)]
    public void Beam_particles_of_the_slice_have_the_range_that_the_water_leaves(int water, double expected)
    {
        CalorimeterDeposits deposits = CalorimeterDepositReader.Read(
            TestData.InRepository("data", "geant4-dtc", $"water{water}_test_hits.csv.gz"));
        List<RangeEstimate> fitted = [];
        using TrackRanges ranges = new(_depths);
        foreach (CalorimeterFrame frame in HitPreparation.Events(deposits).Frames(50))
        {
            fitted.AddRange(ranges.Fit(frame, Chains(frame).Select(chain => chain.Track).ToArray()));
        }

        // The sample's README: mean range at layer 0 of protons that stop by ionisation, and a spread of 2.7 to 3.5 mm before the
        // calorimeter's own straggling.
        Assert.All(fitted, estimate => Assert.Equal(SolveStatus.Converged, estimate.Status));
        double[] near = [.. fitted.Select(estimate => estimate.Range).Where(range => Math.Abs(range - expected) < 20).Order()];
        Assert.InRange(near.Length / (double)fitted.Count, 0.6, 1);
        Assert.Equal(expected, near[near.Length / 2], 1.5);
    }

    [Fact]
    [Trait("data", "full")]
    public void Ranges_are_those_of_the_truth_files()
    {
        foreach (int water in new[] { 100, 150, 200 })
        {
            CalorimeterDeposits deposits = CalorimeterDepositReader.Read(TestData.Full("geant4-dtc", $"water{water}_test_hits.csv.gz"));
            Dictionary<long, double> truth = TrueRanges(TestData.Full("geant4-dtc", $"water{water}_test_truth.csv.gz"));
            List<double> errors = [];
            using TrackRanges ranges = new(_depths);
            foreach (CalorimeterFrame frame in HitPreparation.Events(deposits).Frames(100))
            {
                (long Event, SegmentTrack Track)[] chains = [.. Chains(frame)];
                RangeEstimate[] fitted = ranges.Fit(frame, [.. chains.Select(chain => chain.Track)]);
                for (int i = 0; i < chains.Length; i++)
                {
                    if (truth.TryGetValue(chains[i].Event, out double range))
                    {
                        errors.Add(fitted[i].Range - range);
                    }
                }
            }

            // Straggling in the calorimeter alone is 1.2 % of the range and the layers are 8.2 mm apart.
            errors.Sort();
            double width = (errors[(int)(0.8413 * errors.Count)] - errors[(int)(0.1587 * errors.Count)]) / 2;
            Assert.InRange(errors[errors.Count / 2], -1, 1);
            Assert.InRange(width, 1, 5);
        }
    }

    // Of beam particles that stopped by ionisation without an elastic reaction; fields of others may be empty.
    private static Dictionary<long, double> TrueRanges(string file)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        string[] header = reader.ReadLine()!.Split(',');
        string[] wanted = ["eventID", "reached", "endCode", "nElastic", "entCSDA"];
        int[] at = [.. wanted.Select(name => Array.IndexOf(header, name))];
        Dictionary<long, double> truth = [];
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split(',');
            if (fields[at[1]] == "1" && fields[at[2]] == "0" && fields[at[3]] == "0")
            {
                truth[long.Parse(fields[at[0]], CultureInfo.InvariantCulture)] = double.Parse(fields[at[4]], CultureInfo.InvariantCulture);
            }
        }

        return truth;
    }

    private static IEnumerable<(long Event, SegmentTrack Track)> Chains(CalorimeterFrame frame) =>
        Enumerable.Range(0, frame.Count)
            .Where(hit => frame.TruthPrimary[hit])
            .Reverse()
            .GroupBy(hit => frame.TruthEvent[hit])
            .Where(hits => hits.Count() >= 5 && frame.Layer[hits.First()] == 0)
            .Select(hits => (hits.Key, new SegmentTrack([.. hits])));
}
