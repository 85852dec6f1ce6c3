namespace Sagitta.Tests.Tracking.Calorimeter;

public sealed class CalorimeterReconstructorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sagitta").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(100)]
    [InlineData(150)]
    [InlineData(200)]
    public void Tracks_tell_the_water_that_their_protons_crossed(int water)
    {
        using var reconstructor = CalorimeterReconstructor.Load();
        CalorimeterTrack[] tracks = [.. Frames(water).Take(4).SelectMany(reconstructor.Reconstruct)];
        CalorimeterTrack[] found = [.. tracks.Where(track => track.Status == CalorimeterTrackStatus.Found)];
        Assert.InRange(found.Length, 100, 200);
        // Before the first layer lie air and the front of its box too, 1.1 mm of water.
        double before = water + WaterEquivalent.BesidesObject(TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped), water);
        Assert.Equal(before, found.Select(track => track.PathLength).Order().ElementAt(found.Length / 2), 1.5);
        Assert.All(found, track =>
        {
            Assert.True(track.Hits.Count >= 5 && track.RangeError > 0 && track.PathLengthError > track.RangeError && track.Chi2 > 0);
            Assert.Equal(track.Layers, track.Layers.Order());
        });
        Assert.Contains(tracks, track => track.Status == CalorimeterTrackStatus.TooShort);
        Assert.Contains(tracks, track => track.Status == CalorimeterTrackStatus.NotStopped);
        Assert.All(tracks.Where(track => track.Hits.Count < 3), track =>
            Assert.True(double.IsNaN(track.Range) && double.IsNaN(track.Chi2)));
        Assert.Contains(found, track => track.Margin > 0.9);
        Assert.Contains(found, track => track.Margin < 0.5);
        double energy = found.Average(track => track.Energy);
        reconstructor.BeamEnergy = 200;
        CalorimeterTrack[] slower = [.. Frames(water).Take(4).SelectMany(reconstructor.Reconstruct)];
        Assert.Equal(energy, slower.Where(track => track.Status == CalorimeterTrackStatus.Found).Average(track => track.Energy));
        Assert.True(slower[0].PathLength < tracks[0].PathLength - 60 || double.IsNaN(tracks[0].PathLength));
    }

    [Fact]
    public void Hits_in_another_order_and_without_truth_give_the_same_tracks()
    {
        using var reconstructor = CalorimeterReconstructor.Load();
        CalorimeterFrame frame = Frames(200)[0];
        CalorimeterFrame own = new(frame.Number, Enumerable.Range(0, frame.Count).Select(hit => frame[hit]).OrderBy(hit => hit.Layer));
        Assert.False(own.HasTruth);
        CalorimeterTrack[] expected = [.. reconstructor.Reconstruct(frame)];
        CalorimeterTrack[] tracks = [.. reconstructor.Reconstruct(own)];
        Assert.Equal(expected.SelectMany(track => track.HitIds), tracks.SelectMany(track => track.HitIds));
        Assert.Equal(expected.Select(track => track.Range), tracks.Select(track => track.Range));
        Assert.Empty(reconstructor.Reconstruct(new(1, [])));
    }

    [Fact]
    public void Another_calorimeter_is_reconstructed_with_its_own_depths()
    {
        string text = CalorimeterGeometry.Load(TrackingCalorimeterFile.Shipped).Text;
        string thick = Detector("thick", text.Replace("count: 48", "count: 30", StringComparison.Ordinal)
            .Replace("material: aluminium, thickness: 3.5", "material: aluminium, thickness: 3.6", StringComparison.Ordinal)
            .Replace("material: air, thickness: 1.58", "material: air, thickness: 1.48", StringComparison.Ordinal));
        string shallow = Detector("shallow", text.Replace("count: 48", "count: 6", StringComparison.Ordinal));
        CalorimeterFrame frame = Frames(200)[0];
        using var shipped = CalorimeterReconstructor.Load();
        using var other = CalorimeterReconstructor.Load(detector: thick);
        using var few = CalorimeterReconstructor.Load(detector: shallow);
        double[] before = [.. shipped.Reconstruct(frame).Select(track => track.Range)];
        double[] after = [.. other.Reconstruct(frame).Select(track => track.Range)];
        Assert.Equal(before.Length, after.Length);
        TrackingCalorimeter calorimeter = TrackingCalorimeterFile.Load(thick);
        using TrackRanges direct = new(LayerDepths.Of(calorimeter), new RangeScale(calorimeter));
        RangeEstimate[] fitted = direct.Fit(frame, [.. other.Reconstruct(frame).Select(track => new SegmentTrack([.. track.Hits]))]);
        Assert.Equal(fitted.Where(fit => fit.Status == SolveStatus.Converged).Select(fit => fit.Range), after.Where(double.IsFinite));
        Assert.All(before.Zip(after).Where(pair => pair.First > 100), pair => Assert.True(pair.Second > pair.First));
        BadInputException problem = Assert.Throws<BadInputException>(() => few.Reconstruct(frame));
        Assert.Contains("has layers 0 to 7", problem.Message, StringComparison.Ordinal);

        // The file of a model holds its calorimeter.
        using CalorimeterModel model = CalorimeterReconstructor.Read(null, thick);
        string file = Path.Combine(_folder, "model.safetensors");
        model.Write(file);
        File.Delete(thick);
        using var own = CalorimeterReconstructor.Load(file);
        Assert.Equal(after, own.Reconstruct(frame).Select(track => track.Range));
    }

    private static IReadOnlyList<CalorimeterFrame> Frames(int water) =>
        CalorimeterFrame.Read(TestData.InRepository("data", "geant4-dtc", $"water{water}_test_hits.csv.gz"), protonsPerFrame: 50);

    private string Detector(string name, string text)
    {
        string file = Path.Combine(_folder, name + ".yaml");
        File.WriteAllText(file, text);
        return file;
    }
}
