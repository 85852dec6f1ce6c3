namespace Sagitta.Tracking.Endcap;

/// <summary>
/// Where tracks from the origin pass the stations: a table over the direction before the field (dy/dz, and x over y) and q/p, integrated
/// once through the map without material and interpolated linearly. It serves to match segments; fits integrate anew.
/// </summary>
internal sealed class EndcapDeflections
{
    private const int Slopes = 16, Shares = 11;
    private const double LowSlope = 0.14, SlopeStep = 0.02, LowShare = -0.35, ShareStep = 0.07;
    private readonly Passage[] _table;

    public EndcapDeflections(EndcapGeometry geometry, MagneticField field, double largestQOverP)
    {
        // Tables of millimetres need no better.
        FieldTransport transport = new(field, Tolerance: 1e-2);
        Geometry = geometry;
        const int Half = 15;
        QOverP = [.. Enumerable.Range(-Half, (2 * Half) + 1).Select(i => largestQOverP * i / Half)];
        _table = new Passage[Slopes * Shares * Length];
        for (int cell = 0; cell < Slopes * Shares; cell++)
        {
            double slope = LowSlope + (SlopeStep * (cell / Shares));
            for (int k = 0; k < QOverP.Count; k++)
            {
                Integrate(transport, slope, slope * (LowShare + (ShareStep * (cell % Shares))), QOverP[k],
                    _table.AsSpan((cell * Length) + (k * Stations), Stations));
            }
        }
    }

    public EndcapGeometry Geometry { get; }

    /// <summary>The values of q/p of the table, rising, 1/GeV.</summary>
    public IReadOnlyList<double> QOverP { get; }

    public int Stations => Geometry.Stations.Count;

    /// <summary>Entries of a curve: one for each q/p and station.</summary>
    public int Length => QOverP.Count * Stations;

    /// <summary>Where tracks of one direction pass the stations, for each q/p.</summary>
    /// <param name="slope">y over z before the field.</param>
    /// <param name="share">x over y.</param>
    /// <param name="curve">Receives q/p after q/p the passages of all stations.</param>
    /// <returns>Whether the table has that direction.</returns>
    public bool Curve(double slope, double share, Span<Passage> curve)
    {
        (double i, double j) = ((slope - LowSlope) / SlopeStep, (share - LowShare) / ShareStep);
        if (!(i >= 0 && i <= Slopes - 1 && j >= 0 && j <= Shares - 1))
        {
            return false;
        }

        (int row, int column) = (Math.Min((int)i, Slopes - 2), Math.Min((int)j, Shares - 2));
        (double u, double v) = (i - row, j - column);
        ReadOnlySpan<Passage> Cell(int r, int c) => _table.AsSpan(((r * Shares) + c) * Length, Length);
        ReadOnlySpan<Passage> a = Cell(row, column), b = Cell(row, column + 1), c = Cell(row + 1, column), d = Cell(row + 1, column + 1);
        for (int k = 0; k < curve.Length; k++)
        {
            curve[k] = Passage.Mixed(Passage.Mixed(a[k], b[k], v), Passage.Mixed(c[k], d[k], v), u);
        }

        return true;
    }

    /// <summary>The q/p of a curve whose y at a station is this; NaN beyond its ends.</summary>
    public double Solve(ReadOnlySpan<Passage> curve, int station, double y)
    {
        for (int k = 0; k + 1 < QOverP.Count; k++)
        {
            (double low, double high) = (curve[(k * Stations) + station].Y, curve[((k + 1) * Stations) + station].Y);
            if ((y - low) * (y - high) <= 0 && low != high)
            {
                return QOverP[k] + ((QOverP[k + 1] - QOverP[k]) * (y - low) / (high - low));
            }
        }

        return double.NaN;
    }

    /// <summary>The passage of a curve through a station at some q/p within the table.</summary>
    public Passage At(ReadOnlySpan<Passage> curve, int station, double qOverP)
    {
        double place = (qOverP - QOverP[0]) / (QOverP[1] - QOverP[0]);
        int k = Math.Clamp((int)place, 0, QOverP.Count - 2);
        return Passage.Mixed(curve[(k * Stations) + station], curve[((k + 1) * Stations) + station], place - k);
    }

    // A track that turns back in the field passes the stations behind nowhere.
    private void Integrate(FieldTransport transport, double ty, double tx, double qOverP, Span<Passage> passages)
    {
        TrackState state = new(0, 0, tx, ty, qOverP);
        double z = 0;
        passages.Fill(new(double.NaN, double.NaN, double.NaN));
        foreach (EndcapStation station in Geometry.Stations)
        {
            if (transport.Carry(ref state, z, station.Z) != TransportStatus.Reached)
            {
                return;
            }

            z = station.Z;
            passages[station.Index] = new(state.X, state.Y, state.Ty);
        }
    }
}

/// <summary>How a track passes the middle of a station.</summary>
/// <param name="X">x, mm.</param>
/// <param name="Y">y, mm.</param>
/// <param name="Slope">dy/dz.</param>
internal readonly record struct Passage(double X, double Y, double Slope)
{
    public static Passage Mixed(in Passage a, in Passage b, double share) =>
        new(a.X + (share * (b.X - a.X)), a.Y + (share * (b.Y - a.Y)), a.Slope + (share * (b.Slope - a.Slope)));
}
