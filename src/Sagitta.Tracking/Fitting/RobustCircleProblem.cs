namespace Sagitta.Tracking.Fitting;

/// <summary>
/// A circle fit that far planes pull on with bounded force: theta minimises S = sum_i p_i rho(r_i / sigma_i) with rho(u) = 2 c^2 (sqrt(1 +
/// u^2 / c^2) - 1), Huber's function (Ann. Math. Statist. 35, 1964, p. 73) made smooth: u^2 near zero, linear from about c on, convex. The
/// inputs are those of <see cref="CircleFitInput"/>, and a track to begin with that is not differentiated: S has one minimum.
/// </summary>
/// <param name="Geometry">Planes and field.</param>
/// <param name="Items">Number of events.</param>
/// <param name="Options">What counts as too few planes.</param>
/// <param name="Scale">c, in standard deviations.</param>
internal readonly record struct RobustCircleProblem(CircleGeometry Geometry, int Items, CircleFitOptions Options, double Scale)
    : IMinimisationProblem
{
    public int Unknowns => TrackParameter.Count;

    public SolveStatus Start(int item, ProblemInputs inputs, Span<double> solution)
    {
        inputs[CorrelatedFitInput.Track].Slice(item * TrackParameter.Count, TrackParameter.Count).CopyTo(solution);
        int present = 0;
        foreach (double p in inputs[CircleFitInput.Presence].Slice(item * Geometry.PlaneCount, Geometry.PlaneCount))
        {
            present += p >= Options.MinimumPresence ? 1 : 0;
        }

        return present < Options.MinimumPlanes ? SolveStatus.TooFewPlanes : SolveStatus.Converged;
    }

    public double Evaluate(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, Span<double> gradient, Span<double> hessian)
    {
        double factor = Geometry.CurvaturePerQOverPt;
        VertexConstraint vertex = Options.Vertex;
        double fromVertex = solution[TrackParameter.Y0] - vertex.Y;
        double value = vertex.Weight * fromVertex * fromVertex;
        Span<double> g = stackalloc double[TrackParameter.Count];
        Span<double> h = stackalloc double[TrackParameter.Count * TrackParameter.Count];
        g.Clear();
        h.Clear();
        g[0] = 2 * vertex.Weight * fromVertex;
        h[0] = 2 * vertex.Weight;
        for (int i = 0; i < Geometry.PlaneCount; i++)
        {
            if (!TryPull(item, inputs, solution, i, out double pull, out double sigma, out CirclePoint q))
            {
                return double.PositiveInfinity;
            }

            double presence = inputs[CircleFitInput.Presence][(item * Geometry.PlaneCount) + i];
            double root = Math.Sqrt(1 + (pull * pull / (Scale * Scale)));

            // 2 c^2 (root - 1) without the difference of near numbers.
            value += presence * 2 * pull * pull / (root + 1);
            double force = presence * 2 * pull / (root * sigma);
            double stiffness = presence * 2 / (root * root * root * sigma * sigma);
            double byQ = q.ByCurvature * factor;
            g[0] += force;
            g[1] += force * q.BySlope;
            g[2] += force * byQ;
            h[0] += stiffness;
            h[3] += stiffness * q.BySlope;
            h[4] += (stiffness * q.BySlope * q.BySlope) + (force * q.BySlopeSlope);
            h[6] += stiffness * byQ;
            h[7] += (stiffness * q.BySlope * byQ) + (force * q.BySlopeCurvature * factor);
            h[8] += (stiffness * byQ * byQ) + (force * q.ByCurvatureCurvature * factor * factor);
        }

        h[1] = h[3];
        h[2] = h[6];
        h[5] = h[7];
        if (!gradient.IsEmpty)
        {
            g.CopyTo(gradient);
        }

        if (!hessian.IsEmpty)
        {
            h.CopyTo(hessian);
        }

        return value;
    }

    public void PullBack(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, ReadOnlySpan<double> direction,
        ProblemGradients gradients)
    {
        int planes = Geometry.PlaneCount;
        double factor = Geometry.CurvaturePerQOverPt;
        Span<double> toCentroid = gradients[CircleFitInput.Centroid];
        Span<double> toSigma = gradients[CircleFitInput.Sigma];
        Span<double> toPresence = gradients[CircleFitInput.Presence];
        Span<double> toZ = gradients[CircleFitInput.PlaneZ];
        Span<double> toY = gradients[CircleFitInput.PlaneY];
        for (int i = 0; i < planes; i++)
        {
            int k = (item * planes) + i;
            TryPull(item, inputs, solution, i, out double pull, out double sigma, out CirclePoint q);
            double presence = inputs[CircleFitInput.Presence][k];
            double h = 1 / Math.Sqrt(1 + (pull * pull / (Scale * Scale)));
            double along = direction[0] + (q.BySlope * direction[1]) + (q.ByCurvature * factor * direction[2]);
            double byResidual = presence * 2 * h * h * h / (sigma * sigma) * along;
            double byPresence = -2 * pull * h / sigma * along;
            toCentroid.AddAt(k, byResidual);
            toPresence.AddAt(k, byPresence);
            toSigma.AddAt(k, (byResidual * pull) - (presence * byPresence / sigma));
            if (!toZ.IsEmpty)
            {
                double z = Geometry.Z[i] + inputs[CircleFitInput.PlaneZ][i];
                double alongByZ = q.InverseCosineCubed * (direction[1] + (z * factor * direction[2]));
                toZ[i] -= (byResidual * q.Tangent) + (presence * 2 * pull * h / sigma * alongByZ);
            }

            toY.AddAt(i, byResidual);
        }
    }

    private bool TryPull(int item, ProblemInputs inputs, ReadOnlySpan<double> solution, int i, out double pull, out double sigma,
        out CirclePoint q)
    {
        int k = (item * Geometry.PlaneCount) + i;
        sigma = inputs[CircleFitInput.Sigma][k];
        bool reached = CirclePoint.TryEvaluate(
            Geometry.Z[i] + inputs[CircleFitInput.PlaneZ][i], solution[TrackParameter.Slope], solution[
                TrackParameter.QOverPt] * Geometry.CurvaturePerQOverPt, out q);
        pull = (solution[TrackParameter.Y0] + q.Y - inputs[CircleFitInput.Centroid][k] - inputs[CircleFitInput.PlaneY][i]) / sigma;
        return reached;
    }
}
