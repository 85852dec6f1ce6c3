namespace Sagitta.Tracking.Alignment;

/// <summary>
/// A circle of y0, s0 and q/pT at its minimum, fitted first without scattering for the q/pT of the covariance, then with it.
/// </summary>
internal sealed class EliminatedCircle(CircleAlignment model, double[] values, AlignmentSelection selection)
    : EliminatedTrack(model.Parameters, values, selection, TrackParameter.Count)
{
    private readonly double _factor = CircleTrack.CurvatureOf(1, model.FieldTesla);
    private readonly double _scale = 1 + values[model.Parameters.FieldScale];

    // q/pT of the fit without scattering, which sets the covariance; 0 in that fit.
    private double _covarianceQOverPt;

    /// <inheritdoc />
    protected override double SmallestStep => 1e-11;

    /// <inheritdoc />
    protected override bool Minimise()
    {
        _covarianceQOverPt = 0;
        Elimination.SetCovariance();
        if (!Descend())
        {
            return false;
        }

        if (model.Scattering.IsEmpty)
        {
            return true;
        }

        _covarianceQOverPt = Track[TrackParameter.QOverPt];
        return Elimination.SetCovariance(model.Scattering, _covarianceQOverPt * _covarianceQOverPt, Planes) && Descend();
    }

    /// <inheritdoc />
    protected override bool Linearise()
    {
        double factor = _factor * _scale;
        double m = _covarianceQOverPt;
        AlignmentParameters order = model.Parameters;
        for (int i = 0; i < Planes.Length; i++)
        {
            int plane = Planes[i];
            double z = model.Z[plane] + Values[order.Z(plane)];
            if (!CirclePoint.TryEvaluate(z, Track[1], Track[2] * factor, out CirclePoint q))
            {
                return false;
            }

            double loss = model.Bending.IsEmpty ? 0 : factor * m * Math.Abs(m) * model.Bending[plane];
            Elimination.Residuals[i] = Track[0] + q.Y + loss - (Measured[i] + Values[order.Y(plane)]);
            Elimination.Jacobian(0)[i] = 1;
            Elimination.Jacobian(1)[i] = q.BySlope;
            Elimination.Jacobian(2)[i] = q.ByCurvature * factor;
            ByOwn(0, i) = -1;
            ByOwn(1, i) = q.Tangent;
            ByField[i] = (q.ByCurvature * Track[2] * _factor) + (loss / _scale);
        }

        return true;
    }
}
