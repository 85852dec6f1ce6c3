namespace Sagitta.Experiments.Calorimeter.Imaging;

/// <summary>An image with what it says of a phantom.</summary>
/// <param name="Map">The pixels.</param>
/// <param name="Plane">z of the plane of the image, mm.</param>
/// <param name="Tracks">Tracks of stopped protons with a range.</param>
/// <param name="Frames">Frames that they were found in.</param>
/// <param name="Inserts">The phantom's cylinders; none without a phantom.</param>
/// <param name="Purity">Of accepted tracks of beam particles, the share whose hits are of one of them; NaN without the truth.</param>
/// <param name="Efficiency">Share of findable beam particles with an accepted right track; NaN without the truth.</param>
/// <param name="Deviations">For each frame the mean absolute difference of path lengths to the phantom's at their place, mm, none counting
/// as more than 50; NaN for a frame without accepted tracks; empty without a phantom.</param>
internal sealed record CalorimeterImage(PathLengthMap Map, double Plane, int Tracks, int Frames, IReadOnlyList<InsertMeasurement> Inserts,
    double Purity, double Efficiency, IReadOnlyList<double> Deviations)
{
    /// <summary>Protons behind the pixels' means.</summary>
    public int Accepted => Map.Count.Sum();

    /// <summary>Pixels with a proton at least.</summary>
    public int Pixels => Map.Count.Count(count => count > 0);
}

/// <summary>What is asked of an image.</summary>
internal sealed record CalorimeterImageRequest
{
    /// <summary>Size of a pixel, mm.</summary>
    public double Pixel { get; init; } = 2;

    /// <summary>Who finds the tracks.</summary>
    public ImageTracker Tracker { get; init; }

    /// <summary>Tracks with a smaller margin of the assignment are left out; null for none. Only a network's tracks have margins.</summary>
    public double? SmallestMargin { get; init; }

    /// <summary>Which tracks count otherwise.</summary>
    public ProtonSelection Selection { get; init; } = new();

    /// <summary>How a proton is followed back into the object.</summary>
    public ImagePath Path { get; init; }
}

/// <summary>How a proton is followed back into the object.</summary>
internal enum ImagePath
{
    /// <summary>Along the line through its first two hits.</summary>
    Straight,

    /// <summary>Along the most likely path between the beam's spot and that line.</summary>
    MostLikely,
}

/// <summary>Who finds the tracks of an image.</summary>
internal enum ImageTracker
{
    /// <summary>A segment network and the assignment.</summary>
    Network,

    /// <summary>The nearest-angle follower.</summary>
    Follower,

    /// <summary>A perfect tracker that knows the truth.</summary>
    Truth,
}
