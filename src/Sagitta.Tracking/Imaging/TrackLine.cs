namespace Sagitta.Tracking.Imaging;

/// <summary>The line through a track's first two hits: x and y at the first layer, mm, and their slopes.</summary>
internal readonly record struct TrackLine(double X, double Y, double SlopeX, double SlopeY)
{
    /// <summary>Tangent of the angle to the beam's axis.</summary>
    public double Slope => Math.Sqrt((SlopeX * SlopeX) + (SlopeY * SlopeY));

    /// <summary>The line of a track; null for tracks that do not begin in the first layer and the second.</summary>
    public static TrackLine? Of(CalorimeterFrame frame, ReadOnlySpan<int> hits)
    {
        if (hits.Length < 2 || frame.Layer[hits[0]] != 0 || frame.Layer[hits[1]] != 1)
        {
            return null;
        }

        (int a, int b) = (hits[0], hits[1]);
        double along = frame.Z[b] - frame.Z[a];
        return new(frame.X[a], frame.Y[a], (frame.X[b] - frame.X[a]) / along, (frame.Y[b] - frame.Y[a]) / along);
    }

    /// <summary>x and y so many mm behind the first layer.</summary>
    public (double X, double Y) Behind(double distance) => (X + (distance * SlopeX), Y + (distance * SlopeY));
}
