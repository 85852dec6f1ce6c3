namespace Sagitta.Tracking.Fitting;

/// <summary>
/// The gradient of circle fits through the iterations of a descent instead of through the minimum: Gauss-Newton steps from the seed, each
/// differentiated exactly, the seed taken as constant (its share dies with the steps' contraction). What the implicit gradient is compared
/// with; it needs every iterate and a backward pass through each. Gradients reach centroids, errors and presences.
/// </summary>
/// <remarks>
/// A step is theta' = theta - A^-1 b, A = sum w J J^T, b = sum w J r, w = p / sigma^2. For a gradient g on theta' with v = -A^-1 g and
/// d = A^-1 b: w_i receives (v J_i) (r_i - d J_i), r_i receives w_i v J_i, J_i receives w_i (r_i v - (d J_i) v - (v J_i) d), and theta,
/// beside g, what r and J pass on through the track's first and second derivatives.
/// </remarks>
/// <param name="Steps">Gauss-Newton steps.</param>
internal sealed record UnrolledCircleAdjoint(int Steps) : IImplicitAdjoint<CircleProblem>
{
    private const double SingularPivot = 1e-14;

    /// <summary>Numbers that are kept for each event: the iterates.</summary>
    public int KeptPerEvent => TrackParameter.Count * (Steps + 1);

    public void PullBack(in CircleProblem problem, ProblemInputs inputs, ReadOnlySpan<double> solutions,
        ReadOnlySpan<SolveStatus> statuses, ReadOnlySpan<double> upstream, ProblemGradients gradients)
    {
        double[] iterates = new double[KeptPerEvent];
        Span<double> wanted = stackalloc double[TrackParameter.Count];
        for (int item = 0; item < problem.Items; item++)
        {
            if (statuses[item] == SolveStatus.Converged && TryDescend(problem, item, inputs, iterates))
            {
                upstream.Slice(item * TrackParameter.Count, TrackParameter.Count).CopyTo(wanted);
                for (int step = Steps - 1; step >= 0; step--)
                {
                    StepBack(problem, item, inputs, iterates.AsSpan(step * TrackParameter.Count, TrackParameter.Count), wanted, gradients);
                }
            }
        }
    }

    /// <summary>The iterates of one event, the seed first; false where a step leaves the circle's range or the planes do not determine
    /// it.</summary>
    internal bool TryDescend(in CircleProblem problem, int item, ProblemInputs inputs, Span<double> iterates)
    {
        if (problem.Start(item, inputs, iterates[..TrackParameter.Count]) != SolveStatus.Converged)
        {
            return false;
        }

        Span<double> matrix = stackalloc double[9];
        Span<double> move = stackalloc double[3];
        for (int step = 0; step < Steps; step++)
        {
            ReadOnlySpan<double> theta = iterates.Slice(step * TrackParameter.Count, TrackParameter.Count);
            if (!TryStep(problem, item, inputs, theta, matrix, move))
            {
                return false;
            }

            for (int a = 0; a < TrackParameter.Count; a++)
            {
                iterates[((step + 1) * TrackParameter.Count) + a] = theta[a] - move[a];
            }
        }

        return true;
    }

    // The factored normal matrix and the step A^-1 b.
    private static bool TryStep(in CircleProblem problem, int item, ProblemInputs inputs, ReadOnlySpan<double> theta, Span<double> matrix,
        Span<double> move)
    {
        matrix.Clear();
        move.Clear();
        Span<double> jacobian = stackalloc double[3];
        for (int i = 0; i < problem.Geometry.PlaneCount; i++)
        {
            if (!TryPlane(problem, item, inputs, theta, i, jacobian, out double weight, out double residual, out _))
            {
                return false;
            }

            for (int a = 0; a < 3; a++)
            {
                move[a] += weight * jacobian[a] * residual;
                for (int b = 0; b < 3; b++)
                {
                    matrix[(a * 3) + b] += weight * jacobian[a] * jacobian[b];
                }
            }
        }

        if (!SymmetricSystem.TryFactor(matrix, 3, SingularPivot))
        {
            return false;
        }

        SymmetricSystem.SolveFactored(matrix, 3, move);
        return true;
    }

    // Replaces the gradient on the iterate after a step by that on the iterate before it, and adds to the inputs' gradients.
    private static void StepBack(in CircleProblem problem, int item, ProblemInputs inputs, ReadOnlySpan<double> theta, Span<double> wanted,
        ProblemGradients gradients)
    {
        int planes = problem.Geometry.PlaneCount;
        double factor = problem.Geometry.CurvaturePerQOverPt;
        Span<double> matrix = stackalloc double[9];
        Span<double> d = stackalloc double[3];
        TryStep(problem, item, inputs, theta, matrix, d);
        Span<double> v = stackalloc double[3];
        wanted.CopyTo(v);
        SymmetricSystem.SolveFactored(matrix, 3, v);
        for (int a = 0; a < 3; a++)
        {
            v[a] = -v[a];
        }

        ReadOnlySpan<double> sigma = inputs[CircleFitInput.Sigma].Slice(item * planes, planes);
        ReadOnlySpan<double> presence = inputs[CircleFitInput.Presence].Slice(item * planes, planes);
        Span<double> toCentroid = gradients[CircleFitInput.Centroid];
        Span<double> toSigma = gradients[CircleFitInput.Sigma];
        Span<double> toPresence = gradients[CircleFitInput.Presence];
        Span<double> j = stackalloc double[3];
        Span<double> onJ = stackalloc double[3];
        for (int i = 0; i < planes; i++)
        {
            TryPlane(problem, item, inputs, theta, i, j, out double weight, out double residual, out CirclePoint q);
            double vj = (v[0] * j[0]) + (v[1] * j[1]) + (v[2] * j[2]);
            double dj = (d[0] * j[0]) + (d[1] * j[1]) + (d[2] * j[2]);
            double onWeight = vj * (residual - dj);
            double onResidual = weight * vj;
            for (int a = 0; a < 3; a++)
            {
                onJ[a] = weight * (((residual - dj) * v[a]) - (vj * d[a]));
                wanted[a] += onResidual * j[a];
            }

            // J = (1, dq/ds0, factor dq/dkappa): its derivatives are the track's second ones.
            wanted[TrackParameter.Slope] += (onJ[1] * q.BySlopeSlope) + (onJ[2] * q.BySlopeCurvature * factor);
            wanted[TrackParameter.QOverPt] += (onJ[1] * q.BySlopeCurvature * factor) + (onJ[2] * q.ByCurvatureCurvature * factor * factor);
            toCentroid.AddAt((item * planes) + i, -onResidual);
            toPresence.AddAt((item * planes) + i, onWeight / (sigma[i] * sigma[i]));
            toSigma.AddAt((item * planes) + i, -(2 * onWeight * presence[i] / (sigma[i] * sigma[i] * sigma[i])));
        }
    }

    private static bool TryPlane(
        in CircleProblem problem, int item, ProblemInputs inputs, ReadOnlySpan<double> theta, int plane, Span<double> jacobian,
            out double weight, out double residual, out CirclePoint point)
    {
        double factor = problem.Geometry.CurvaturePerQOverPt;
        int k = (item * problem.Geometry.PlaneCount) + plane;
        double sigma = inputs[CircleFitInput.Sigma][k];
        weight = inputs[CircleFitInput.Presence][k] / (sigma * sigma);
        double z = problem.Geometry.Z[plane] + inputs[CircleFitInput.PlaneZ][plane];
        if (!CirclePoint.TryEvaluate(z, theta[TrackParameter.Slope], theta[TrackParameter.QOverPt] * factor, out point))
        {
            residual = double.NaN;
            return false;
        }

        residual = theta[TrackParameter.Y0] + point.Y - inputs[CircleFitInput.Centroid][k] - inputs[CircleFitInput.PlaneY][plane];
        jacobian[0] = 1;
        jacobian[1] = point.BySlope;
        jacobian[2] = point.ByCurvature * factor;
        return true;
    }
}
