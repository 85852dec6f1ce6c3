namespace Sagitta.Tracking.Fitting;

/// <summary>
/// A homogeneous piece of material and its integrals up to planes. Its faces move with planes: those of a plane's own gap and supports with
/// that plane, those of the air between with the neighbours.
/// </summary>
/// <param name="Start">z of its front, mm.</param>
/// <param name="Thickness">Thickness along z, mm.</param>
/// <param name="StartPlane">Plane that the front moves with, or -1.</param>
/// <param name="EndPlane">Plane that the back moves with, or -1.</param>
/// <param name="InverseRadiationLength">Radiation lengths per mm.</param>
/// <param name="Loss">Median loss of energy, GeV/mm.</param>
internal readonly record struct MaterialPiece(
    double Start, double Thickness, int StartPlane, int EndPlane, double InverseRadiationLength, double Loss)
{
    /// <summary>The piece after its planes have moved along z.</summary>
    public MaterialPiece Moved(ReadOnlySpan<double> planeZ)
    {
        double start = StartPlane < 0 ? 0 : planeZ[StartPlane];
        double end = EndPlane < 0 ? 0 : planeZ[EndPlane];
        return this with { Start = Start + start, Thickness = Thickness + (end - start) };
    }

    /// <summary>
    /// Adds the integral of (z_i - z)(z_j - z) over the piece in front of the nearer plane, in radiation lengths, to
    /// <paramref name="covariance"/> (planes x planes).
    /// </summary>
    public void AddScattering(ReadOnlySpan<double> z, Span<double> covariance)
    {
        int n = z.Length;
        for (int i = 0; i < n; i++)
        {
            if (!Reaches(z[i], out double length, out double middle))
            {
                continue;
            }

            for (int j = i; j < n; j++)
            {
                double value = length * (((z[i] - middle) * (z[j] - middle)) + (length * length / 12)) * InverseRadiationLength;
                covariance[(i * n) + j] += value;
                if (i != j)
                {
                    covariance[(j * n) + i] += value;
                }
            }
        }
    }

    /// <summary>
    /// The derivatives of <see cref="AddScattering"/> by the planes' z, times an upstream gradient on the covariance, added to
    /// <paramref name="toZ"/>. Moving piece and planes together changes nothing, so that a piece that moves with one plane passes on what
    /// the planes' lever arms received, with its sign turned.
    /// </summary>
    public void AddScatteringGradient(ReadOnlySpan<double> z, ReadOnlySpan<double> upstream, Span<double> toZ)
    {
        int n = z.Length;
        double byStart = 0;
        double byEnd = 0;
        double together = 0;
        for (int i = 0; i < n; i++)
        {
            if (!Reaches(z[i], out double length, out double middle))
            {
                continue;
            }

            double beyond = z[i] - Start - Thickness;
            for (int j = i; j < n; j++)
            {
                double g = (upstream[(i * n) + j] + (i == j ? 0 : upstream[(j * n) + i])) * InverseRadiationLength;
                double byI = g * length * (z[j] - middle);
                double byJ = g * length * (z[i] - middle);
                toZ[i] += byI;
                toZ[j] += byJ;
                together += byI + byJ;
                byStart -= g * (z[i] - Start) * (z[j] - Start);
                byEnd += beyond > 0 ? g * beyond * (z[j] - Start - Thickness) : 0;
            }
        }

        Pass(byStart, byEnd, together, toZ);
    }

    /// <summary>Adds the integral of (z_i - z) E(z), E the loss of energy in the piece before z, to <paramref name="bending"/> (one a
    /// plane).</summary>
    public void AddBending(ReadOnlySpan<double> z, Span<double> bending)
    {
        for (int i = 0; i < z.Length; i++)
        {
            // E grows linearly within the piece and stays behind it: a third and a second integral.
            double reach = z[i] - Start;
            double behind = reach - Thickness;
            if (reach > 0)
            {
                bending[i] += Loss / 6 * ((reach * reach * reach) - (behind > 0 ? behind * behind * behind : 0));
            }
        }
    }

    /// <summary>The derivatives of <see cref="AddBending"/> by the planes' z, times an upstream gradient on the bending, added to
    /// <paramref name="toZ"/>.</summary>
    public void AddBendingGradient(ReadOnlySpan<double> z, ReadOnlySpan<double> upstream, Span<double> toZ)
    {
        double byStart = 0;
        double byEnd = 0;
        double together = 0;
        for (int i = 0; i < z.Length; i++)
        {
            double reach = z[i] - Start;
            if (reach > 0)
            {
                double behind = Math.Max(reach - Thickness, 0);
                double g = upstream[i] * Loss / 2;
                double byPlane = g * (reach - behind) * (reach + behind);
                toZ[i] += byPlane;
                together += byPlane;
                byStart -= g * reach * reach;
                byEnd += g * behind * behind;
            }
        }

        Pass(byStart, byEnd, together, toZ);
    }

    // What of the piece lies in front of a plane.
    private bool Reaches(double z, out double length, out double middle)
    {
        length = Math.Min(Thickness, z - Start);
        middle = Start + (length / 2);
        return length > 0;
    }

    private void Pass(double byStart, double byEnd, double together, Span<double> toZ)
    {
        if (StartPlane >= 0 && StartPlane == EndPlane)
        {
            toZ[StartPlane] -= together;
            return;
        }

        if (StartPlane >= 0)
        {
            toZ[StartPlane] += byStart;
        }

        if (EndPlane >= 0)
        {
            toZ[EndPlane] += byEnd;
        }
    }
}
