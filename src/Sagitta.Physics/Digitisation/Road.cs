namespace Sagitta.Physics.Digitisation;

/// <summary>
/// Places the road of each station: the muon's y at the station's middle plane plus one Gaussian error. An event of background alone
/// has the road of a muon drawn like all others but not there, so that the road says nothing of its presence.
/// </summary>
internal sealed class Road(Detector detector)
{
    private readonly int[] _middle = [.. Enumerable.Range(0, detector.StationCount).Select(detector.MiddlePlane)];

    /// <summary>Writes one centre a station, mm; <paramref name="crossings"/> are shifted already.</summary>
    public void Place(MuonTruth truth, double shift, ReadOnlySpan<float> crossings, RandomKey key, Span<float> centres)
    {
        RandomDraws draws = key.Draws();
        for (int station = 0; station < centres.Length; station++)
        {
            double y = crossings[_middle[station]];
            if (double.IsNaN(y))
            {
                // The muon did not get there: where it would have been without material; else straight ahead.
                y = truth.Circle(detector.FieldTesla).At(detector.Planes[_middle[station]].Z) + shift;
                y = double.IsNaN(y) ? truth.Y0 + shift : y;
            }

            centres[station] = (float)(y + (detector.Readout.RoadResolution * draws.NextGaussian()));
        }
    }
}
